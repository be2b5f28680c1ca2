package export

import (
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// tableOfRoot names the table that a root element belongs to: its record element, or one of the wrappers that QĐ 4750's appendix and QĐ 4210's
// put around it.
func tableOfRoot(root string) string {
	switch root {
	case "CHI_TIEU_TRANG_THAI_KCB", "DSACH_TRANG_THAI_KCB":
		return "XML0"
	case "CHITIEU_CHITIET_THUOC", "DSACH_CHI_TIET_THUOC":
		return "XML2"
	case "CHITIEU_CHITIET_DVKT_VTYT", "DSACH_CHI_TIET_DVKT":
		return "XML3"
	case "CHITIEU_CHITIET_DICHVUCANLAMSANG", "DSACH_CHI_TIET_CLS":
		return "XML4"
	case "CHITIEU_CHITIET_DIENBIENLAMSANG", "DSACH_CHI_TIET_DIEN_BIEN_BENH":
		return "XML5"
	case "CHI_TIEU_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS", "DSACH_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS":
		return "XML6"
	case "CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH", "DSACH_GIAYCHUNGSINH":
		return "XML9"
	case "CHI_TIEU_DIEUTRI_BENHLAO", "DSACH_CHITIET_DIEUTRI_BENHLAO":
		return "XML15"
	}
	for _, table := range []string{"XML0", "XML1", "XML2", "XML3", "XML4", "XML5", "XML6", "XML7", "XML8", "XML9",
		"XML10", "XML11", "XML12", "XML13", "XML14", "XML15"} {
		if wire.RecordElement(table) == root {
			return table
		}
	}
	return ""
}

// decodeBare reads a file that is one table without an envelope: one record for each MA_LK in it. XML1 is a visit of one table. Another table is a record of its own kind, or a visit's tables in
// several files would overwrite each other.
func decodeBare(src Source, t text, table string, s Settings, each func(*Record) error) error {
	if t.size > maxInMemory {
		return &FormatError{Code: "too-large", Document: table}
	}
	content, err := readRange(t, 0, t.size)
	if err != nil {
		return err
	}
	parsed, err := wire.ParseTable(table, content)
	if err != nil {
		return located(err, FormatError{Document: table})
	}
	groups := groupByVisit(parsed.Rows)
	for i, g := range groups {
		rec := &Record{Kind: wire.KindTable, Origin: wire.Origin{HoSo: i + 1}}
		if table == "XML1" {
			rec.Kind = wire.KindVisit
		}
		doc := wire.NewDocument(table, content, &wire.Form{Inline: true})
		if len(groups) > 1 {
			doc = wire.NewDocument(table, onlyRows(wire.CleanXML(content), parsed.Rows, g), &wire.Form{Inline: true})
		}
		one, err := wire.ParseTable(table, doc.Bytes())
		if err != nil {
			return located(err, FormatError{Document: table})
		}
		rec.Tables = []wire.Table{one}
		rec.Visit = &wire.Visit{MaLK: g.maLK, Standard: standardOf(rec.Tables), Documents: []wire.Document{doc},
			Envelope: wire.Envelope{Encoding: t.encoding, Parts: []string{"", ""}, Extract: len(groups) > 1}}
		rec.Facility = cmpOr(firstValue(rec.Tables, "MA_CSKCB"), s.Station)
		rec.Key = visitKey(rec, rec.Facility)
		if rec.Kind == wire.KindTable {
			rec.Key = append(rec.Key, table)
		}
		rec.original = doc.Bytes()
		if len(groups) == 1 {
			if rec.original, err = readRange(src, 0, src.Size()); err != nil {
				return err
			}
		}
		if err := each(rec); err != nil {
			return err
		}
	}
	return nil
}

// group is the rows of one visit, by number.
type group struct {
	maLK string
	rows []int
}

func groupByVisit(rows []wire.TableRow) []group {
	var out []group
	at := map[string]int{}
	for i := range rows {
		if rows[i].End == 0 { // a comment outside the root
			continue
		}
		lk := strings.TrimSpace(rows[i].Value("MA_LK"))
		k, ok := at[lk]
		if !ok {
			k = len(out)
			at[lk] = k
			out = append(out, group{maLK: lk})
		}
		out[k].rows = append(out[k].rows, i)
	}
	return out
}

// onlyRows is the table with the rows of one visit alone.
func onlyRows(content []byte, all []wire.TableRow, g group) []byte {
	first, last := int64(len(content)), int64(0)
	for _, r := range all {
		if r.End > 0 {
			first, last = min(first, r.Start), max(last, r.End)
		}
	}
	out := slices.Clone(content[:first])
	for _, i := range g.rows {
		out = append(out, content[all[i].Start:all[i].End]...)
	}
	return append(out, content[last:]...)
}
