package gen

import (
	"fmt"
	"slices"
	"strings"
)

// values are the fields of one record that are not empty.
type values map[string]string

// with returns v and the fields of more in it.
func (v values) with(more values) values {
	for name, value := range more {
		v[name] = value
	}
	return v
}

// layout is the shape of one inner document.
type layout struct {
	wrappers []string // outermost first
	record   string
	fields   string // names in order, separated by white space
}

// declaration opens the inner documents of exporters that write one.
const declaration = `<?xml version="1.0" encoding="utf-8"?>`

// document renders the rows as an inner document of the standard. It panics on a
// field that the table does not have: that is a mistake in this package.
func document(std Standard, table string, rows ...values) string {
	l, ok := layouts4750[table]
	if std == QD4210 {
		l, ok = layouts4210[table]
	}
	if !ok {
		panic(fmt.Sprintf("gen: no table %s in QĐ %s", table, std))
	}
	var b strings.Builder
	for _, w := range l.wrappers {
		b.WriteString("<" + w + ">")
	}
	for _, row := range rows {
		b.WriteString("<" + l.record + ">")
		known := 0
		for name := range strings.FieldsSeq(l.fields) {
			value, given := row[name]
			if given {
				known++
			}
			writeField(&b, std, name, value)
		}
		if known != len(row) {
			panic(fmt.Sprintf("gen: %s of QĐ %s has not all fields of %v", table, std, row))
		}
		b.WriteString("</" + l.record + ">")
	}
	for _, w := range slices.Backward(l.wrappers) {
		b.WriteString("</" + w + ">")
	}
	return b.String()
}

// cdataFields are the fields that exporters of QĐ 4210 put into CDATA.
const cdataFields = " HO_TEN DIA_CHI TEN_BENH TEN_THUOC TEN_DICH_VU LIEU_DUNG DIEN_BIEN TEN_CHI_SO MO_TA KET_LUAN "

func writeField(b *strings.Builder, std Standard, name, value string) {
	switch {
	case std == QD4210 && value != "" && strings.Contains(cdataFields, " "+name+" "):
		value = "<![CDATA[" + value + "]]>"
	case std == QD4750 && value == "":
		b.WriteString("<" + name + " />")
		return
	default:
		value = escape(value)
	}
	b.WriteString("<" + name + ">" + value + "</" + name + ">")
}

func escape(s string) string {
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	s = strings.ReplaceAll(s, "&", "&amp;")
	s = strings.ReplaceAll(s, "<", "&lt;")
	return strings.ReplaceAll(s, ">", "&gt;")
}

// editFirst replaces the text of the first element called name in an inner
// document with what edit makes of it, and says whether there is one.
// Edit gets and returns text without mark-up.
func editFirst(doc, name string, edit func(string) string) (string, bool) {
	if before, after, ok := strings.Cut(doc, "<"+name+" />"); ok {
		return before + "<" + name + ">" + edit("") + "</" + name + ">" + after, true
	}
	before, rest, ok := strings.Cut(doc, "<"+name+">")
	if !ok {
		return doc, false
	}
	text, after, _ := strings.Cut(rest, "</"+name+">")
	if inner, isCDATA := strings.CutPrefix(text, "<![CDATA["); isCDATA {
		text = "<![CDATA[" + edit(strings.TrimSuffix(inner, "]]>")) + "]]>"
	} else {
		text = edit(text)
	}
	return before + "<" + name + ">" + text + "</" + name + ">" + after, true
}
