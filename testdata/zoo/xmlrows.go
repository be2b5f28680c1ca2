package zoo

import (
	"fmt"
	"strings"

	"tramsync/agent/export"
)

func elements() export.Settings {
	s := vaccinations()
	s.Format = export.XML
	return s
}

func tree(name, file string, want ...string) Case {
	return Case{Name: name, Settings: elements(), File: file, Want: want}
}

func badTree(name, file string, at export.FormatError) Case {
	return Case{Name: name, Settings: elements(), File: file, Fault: &at}
}

func item(inner string) string { return "<MUI>" + inner + "</MUI>" }

const (
	itemA = "<MUI><MA>A</MA><NGAY>01/09/2026</NGAY><HO_TEN>BÉ MẪU</HO_TEN></MUI>"
	itemB = "<MUI><MA>B</MA><NGAY>2026-09-02</NGAY><HO_TEN/></MUI>"
	// what stands in an item but its key
	keyOfA = "<MA>A</MA><NGAY>01/09/2026</NGAY>"
	plainA = "tiem_chung A/2026-09-01 @99001 MA=A NGAY=2026-09-01"
)

func xmlShapes() []Case {
	file := "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<DS><TIEUDE>Sổ tiêm</TIEUDE>\n" + itemA + "\n" + itemB + "</DS>\n"
	return []Case{
		tree("elements that repeat", file, rowA, rowB),
		tree("elements by name", file, rowA, rowB).path("MUI"),
		tree("elements by name, in another case", file, rowA, rowB).path("mui"),
		tree("elements by path", strings.Replace(file, "<TIEUDE>", "<KHAC>"+item("<X>1</X>")+"</KHAC><TIEUDE>", 1), rowA,
			rowB).path("/DS/MUI"),
		tree("elements in UTF-16 that claim UTF-8", utf16le("\ufeff"+file), rowA, rowB),
		tree("elements with a byte order mark, CRLF and control characters",
			"\ufeff"+strings.NewReplacer("\n", "\r\n", "Sổ", "S\x0b\x00").Replace(file), rowA, rowB),
		tree("elements under prefixes", strings.NewReplacer("<DS>", `<n:DS xmlns:n="urn:x">`, "</DS>", "</n:DS>",
			"<MUI>", "<n:MUI>", "</MUI>", "</n:MUI>").Replace(file), rowA, rowB),
		tree("one element that has the key", "<DS><N>1</N>"+itemA+"</DS>", rowA),
		tree("an element that is the root", itemA, rowA),
		tree("elements that have the key, inside others that repeat", "<DS><XA><TEN>X</TEN>"+itemA+"</XA><XA><TEN>Y</TEN>"+
			itemB+"</XA></DS>", rowA, rowB),
		tree("elements of a feed without a key", "<DS><A>1</A><B><C>x</C></B><B><C>y</C></B></DS>",
			"tiem_chung ~ @99001 C=x", "tiem_chung ~ @99001 C=y").key(),
		tree("elements that repeat in others that do, in a feed without a key",
			"<DS><H><M>1</M><T><N>a</N></T><T><N>b</N></T></H><H><M>2</M></H></DS>",
			`tiem_chung ~ @99001 M=1 T={"N":"a"} T#2={"N":"b"}`, "tiem_chung ~ @99001 M=2").key(),
		tree("an element with a configured column, in a feed without a key", "<DS>"+itemA+"</DS>",
			"tiem_chung ~ @99001 HO_TEN=BÉ MẪU MA=A NGAY=2026-09-01").key(),
		tree("an XML without anything", "<?xml version='1.0'?>\n<DS><!-- leer -->\n<MUI/></DS>"),
		tree("elements without anything among others", "<DS>"+itemA+"<MUI/><MUI> <X/> </MUI>"+itemB+"</DS>", rowA, rowB),
	}
}

func xmlValues() []Case {
	a := func(more string) string { return "<DS>" + item(keyOfA+more) + "</DS>" }
	v := func(more string) string { return plainA + more }
	b := func(first string) string { return strings.Replace(plainA, "MA=", first+" MA=", 1) }
	return []Case{
		tree("attributes as columns", `<DS><MUI MA="A" NGAY="01/09/2026" X="&lt;"/></DS>`,
			"tiem_chung A/2026-09-01 @99001 @X=< MA=A NGAY=2026-09-01"),
		tree("aliases as elements", "<DS><MUI><Ma_Doi_Tuong>A</Ma_Doi_Tuong><Ngay-Tiem>1/9/2026</Ngay-Tiem></MUI></DS>",
			plainA),
		tree("values as they stand", a("<V>  1.10\n</V>"), v(" V=  1.10\\n")),
		tree("CDATA, entities and characters", a("<V><![CDATA[a<b]]>&amp;&#67;</V>"), v(" V=a<b&C")),
		tree("leaves of one name", a("<V>1</V><V>2</V><V/>"), v(" V=1 V#2=2 V#3=")),
		tree("a leaf's attributes", a(`<V>1</V><V d="mg">2</V><V d="" e="x">3</V>`),
			v(" V=1 V#2=2 V#2@d=mg V#3=3 V#3@d= V#3@e=x")),
		tree("a leaf of attributes alone", a(`<V d="mg" n="2"/>`), v(` V={"@d":"mg","@n":"2"}`)),
		tree("what is nested", a(`<B n="1"><M>J00</M><T>"x"</T></B>`), b(`B={"@n":"1","M":"J00","T":"\"x\""}`)),
		tree("nested lists", a("<B><M>1</M></B><B><M>2</M><C><D>3</D></C><M>4</M></B>"),
			b(`B={"M":"1"} B#2={"M":["2","4"],"C":{"D":"3"}}`)),
		tree("an item in an item", a(item("<MA>C</MA>")), strings.Replace(plainA, "NGAY=", `MUI={"MA":"C"} NGAY=`, 1)),
		tree("text between elements of an item", a("x<V>1</V>y<B>z<M>2</M></B>"),
			b(`#text=xy B={"M":"2","#text":"z"}`)+" V=1"),
		tree("comments and instructions in an item", a("<!-- x --><V>1<!--y--></V><?z a?>"),
			b("#comment= x  #instruction=z a")+" V=1 V#comment=y"),
		tree("the names of namespaces are no columns", a(`<V xmlns:i="urn:i" xmlns="urn:j" i:nil="true">1</V>`),
			v(" V=1 V@nil=true")),
		tree("STT in an item", a("<STT>7</STT>"), plainA),
		tree("items of one key", "<DS>"+itemA+item(keyOfA)+"</DS>",
			strings.Replace(rowA, "2026-09-01 ", "2026-09-01/~ ", 1)+" !key-duplicate@row",
			strings.Replace(plainA, "2026-09-01 ", "2026-09-01/~ ", 1)+" !key-duplicate@row"),
		tree("part of an item's key", "<DS>"+itemA+item("<MA>B</MA>")+"</DS>", rowA,
			"tiem_chung B//~ @99001 MA=B !key-incomplete@row.NGAY"),
		tree("marked-up text", a("<V>&lt;p&gt;Đã tiêm &lt;b&gt;mũi 1&lt;/b&gt;&lt;/p&gt;</V>"),
			v(" V=<p>Đã tiêm <b>mũi 1</b></p>")),
	}
}

func xmlBad() []Case {
	cut := "<DS>\n" + itemA + "\n<MUI><MA>" + Canary
	row := func(code string, row, line int) export.FormatError {
		return export.FormatError{Code: code, Row: row, Line: line, Offset: 1}
	}
	deep := strings.Repeat("<A>", 70) + Canary + strings.Repeat("</A>", 70)
	var many, notes strings.Builder
	for i := range 21_000 {
		fmt.Fprintf(&many, "<A%d/>", i)
	}
	for range 1100 {
		notes.WriteString("<KHAC>" + Canary + "</KHAC>")
	}
	return []Case{
		badTree("an error message in XML", "<error><code>401</code><message>"+Canary+"</message></error>",
			whole("no-rows")),
		badTree("an error message in XML, in a feed without a key", "<error><code>401</code><m>"+Canary+"</m></error>",
			whole("no-rows")).key(),
		badTree("elements of another name", "<DS>"+item(Canary)+"</DS>", whole("no-rows")).path("HOSO"),
		badTree("an item without the key", "<DS>\n"+itemA+"\n"+item("<X>"+Canary+"</X>")+"</DS>",
			export.FormatError{Code: "column", Field: "MA", Row: 2, Line: 3, Offset: 1}),
		badTree("items cut off", cut, row("xml-truncated", 2, 3)).path("MUI"),
		badTree("items cut off between", "<DS>"+itemA+"<X>"+Canary+"</X>\n", inLine("xml-truncated", 2)),
		badTree("a bare ampersand in an item", cut+" & </MA></MUI></DS>", row("xml-entity", 2, 3)).path("MUI"),
		badTree("an item that is no UTF-8", cut+"\xff</MA></MUI></DS>", inLine("xml-utf8", 3)),
		badTree("a comment in an item that is no UTF-8", "<DS>"+itemA+"<MUI><!-- "+Canary+"\xff --></MUI></DS>",
			row("xml-utf8", 2, 1)),
		badTree("a comment beside items that is no UTF-8", "<DS>"+itemA+"<!-- "+Canary+"\xff --></DS>",
			inLine("xml-utf8", 1)),
		badTree("an item whose tags don't fit", cut+"</HO></MUI></DS>", row("xml-nesting", 2, 3)).path("MUI"),
		badTree("two roots of items", "<DS>"+itemA+"</DS>\n<DS>"+Canary+"</DS>", inLine("xml-nesting", 2)),
		badTree("text behind the items", "<DS>"+itemA+"</DS>\n"+Canary, inLine("xml-malformed", 2)),
		badTree("an item too deep", "<DS>"+item(keyOfA+deep)+"</DS>", inLine("xml-limit", 1)),
		badTree("an item too deep, by name", "<DS>"+item(keyOfA+deep)+"</DS>", row("xml-limit", 1, 1)).path("MUI"),
		badTree("an element of a long name", "<DS>"+itemA+"<"+strings.Repeat("A", 300)+"/>"+Canary+"</DS>",
			inLine("xml-limit", 1)),
		badTree("too many different elements", "<DS>"+many.String()+Canary+"</DS>", inLine("outside", 1)),
		badTree("too much beside the items", "<DS>"+itemA+notes.String()+"</DS>", inLine("outside", 1)),
		badTree("a long text beside the items", "<DS>"+itemA+strings.Repeat(Canary+" ", 4000)+"</DS>",
			inLine("outside", 1)),
		badTree("an item over 1 MiB", "<DS>"+item(keyOfA+strings.Repeat("<V>"+Canary+"</V>", 50_000))+"</DS>",
			row("row-size", 1, 1)).path("MUI"),
		badTree("an item over 1 MiB of nothing", "<DS>"+item(keyOfA+strings.Repeat("<V/>", 300_000))+Canary+"</DS>",
			row("row-size", 1, 1)).path("MUI"),
		badTree("a value over 1 MiB", "<DS>"+item(keyOfA+"<V>"+strings.Repeat(Canary, 90_000)+"</V>")+"</DS>",
			row("row-size", 1, 1)).path("MUI"),
	}
}
