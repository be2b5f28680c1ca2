package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tramsync/sync/wire"
	"tramsync/testdata/zoo"
)

// specimen is one of the ways in which exports come. A file of it holds somebody who is taken in and, when there is a
// secret, what the rules keep out besides.
type specimen struct {
	feed, name string
	file       func(who, secret string) string
	rule       string      // that finds the secret
	trimmed    bool        // the secret is cut out of somebody's record; otherwise it is a record of its own
	alone      bool        // the secret withholds everybody in its file
	origin     wire.Origin // of a row; the zero value: the record's original is the file
}

// specimens are of every format, each with another kind of secret.
func specimens() []specimen {
	return append(documents(),
		specimen{feed: "csv", name: "a.csv", file: vaccinations(asCSV, "Ghi chú", "HIV (+)"), rule: "TXT",
			origin: wire.Origin{Line: 2}},
		specimen{feed: "xlsx", name: "a.xlsx", file: drivers, rule: "FLD", trimmed: true,
			origin: wire.Origin{Sheet: "Sổ tiêm", Line: 2}},
		specimen{feed: "html", name: "a.xls", file: titled, rule: "TXT", alone: true, origin: wire.Origin{Line: 2}},
		specimen{feed: "json", name: "array.json", file: vaccinations(asArray, "MA_BENH", "b201"), rule: "HIV-ICD",
			origin: wire.Origin{Index: 1}},
		specimen{feed: "json", name: "data.json", file: vaccinations(asData, "MA_BENH", "J00;F11.2"),
			rule: "DRUG-ICD", origin: wire.Origin{Index: 1}},
		specimen{feed: "json", name: "lines.json", file: vaccinations(asLines, "Nghề", "bán dâm"), rule: "TXT",
			origin: wire.Origin{Index: 1}},
		specimen{feed: "xml", name: "a.xml", file: vaccinations(asElements, "Ghi chú", "nghiện ma túy"), rule: "TXT",
			origin: wire.Origin{Index: 1, Line: 2}})
}

// documents are the specimens whose records can be had back as they stood.
func documents() []specimen {
	return []specimen{
		{feed: "his", name: "visits.xml", file: visits, rule: "HIV-ICD"},
		{feed: "his", name: "check-ups.xml", file: checkUp, rule: "KSK-LAB", trimmed: true},
		{feed: "his", name: "bare.xml", file: bareTable, rule: "DRUG-RX"},
		{feed: "hssk831", name: "a.xml", file: healthRecord, rule: "831-RISK", trimmed: true},
		{feed: "documents", name: "cda.xml", rule: "HIV-ICD", alone: true, file: func(who, secret string) string {
			return zoo.CDA(`<id root="1.2.9" extension="`+who+secret+`"/>`,
				zoo.Section("Khám: "+who+secret, either(secret, "B20.1", "J00"), "x"))
		}},
		{feed: "documents", name: "fhir.json", rule: "DRUG-ICD", alone: true, file: func(who, secret string) string {
			return zoo.Bundle(`"id":"b1","identifier":{"system":"urn:s","value":"`+who+secret+`"},`,
				either(secret, "F11.2", "J00"), "Khám: "+who+secret, "")
		}},
		{feed: "documents", name: "note.txt", rule: "TXT", alone: true, file: func(who, secret string) string {
			return "Giấy hẹn khám lại\r\n" + who + secret + ": " + either(secret, "xét nghiệm HIV", "3 ngày")
		}},
	}
}

func either(secret, with, without string) string {
	if secret != "" {
		return with
	}
	return without
}

func visits(who, secret string) string {
	list := []string{zoo.HoSo(zoo.Doc("XML1", zoo.Summary(who)), zoo.Doc("XML2", zoo.Drugs(who)))}
	if secret != "" {
		ill := strings.Replace(zoo.Summary(secret), ">J00<", ">B20.1<", 1)
		list = append(list, zoo.HoSo(zoo.Doc("XML1", ill), zoo.Doc("XML2", zoo.Drugs(secret))))
	}
	return zoo.Visits(list...)
}

// bareTable is an XML2 without an envelope; the second row is somebody's under treatment.
func bareTable(who, secret string) string {
	if secret == "" {
		return zoo.Drugs(who)
	}
	file := zoo.Drugs(who, secret)
	last := strings.LastIndex(file, "Paracetamol")
	return file[:last] + "Methadone" + file[last+len("Paracetamol"):]
}

// checkUp is a check-up with a drug test among the others.
func checkUp(who, secret string) string {
	test := func(name, value string) string {
		return "<CHI_TIET_CLS><TEN_CHI_SO>" + name + "</TEN_CHI_SO><GIA_TRI>" + value + "</GIA_TRI></CHI_TIET_CLS>"
	}
	tests := test("Glucose", "5.1")
	if secret != "" {
		tests += test("Amphetamin", secret)
	}
	general := "<THONG_TIN_CHUNG_VE_LAN_KHAM><MA_LK>" + who + "</MA_LK></THONG_TIN_CHUNG_VE_LAN_KHAM>"
	return strings.ReplaceAll(zoo.Visits(zoo.HoSo(zoo.Doc("XML2", general),
		zoo.Doc("XML11", "<KHAM_CAN_LAM_SANG>"+tests+"</KHAM_CAN_LAM_SANG>"))), "GIAMDINHHS", "KHAMSUCKHOE")
}

// healthRecord is one of QĐ 831 with drugs (3) among the risks.
func healthRecord(who, secret string) string {
	file := zoo.Health(zoo.Person("<MA_NHANKHAU>" + who + "</MA_NHANKHAU>"))
	if secret == "" {
		return file
	}
	return strings.Replace(file, "<LOAI>2</LOAI>", "<LOAI>3</LOAI><GHICHU>"+secret+"</GHICHU>", 1)
}

// vaccinations are lists in which a column of the secret person's row has a value.
func vaccinations(as func([][]string) string, column, value string) func(who, secret string) string {
	return func(who, secret string) string {
		rows := [][]string{append(header(), column), append(dose(who), "")}
		if secret != "" {
			rows = append(rows, append(dose(secret), value))
		}
		return as(rows)
	}
}

func header() []string {
	return []string{"STT", "Mã đối tượng", "Họ tên", "Vắc xin", "Mũi số", "Ngày tiêm"}
}

func dose(who string) []string { return []string{"1", "DT " + who, who, "BCG", "1", "01/09/2026"} }

// drivers is a workbook with a column that is cut out of every list.
func drivers(who, secret string) string {
	return asWorkbook([][]string{append(header(), "MATUY"), append(dose(who), secret)})
}

// titled is a page whose title says of everybody what no row says.
func titled(who, secret string) string {
	return "<html><body><h1>Danh sách " + either(secret, "HIV", "tiêm") + "</h1>\n" +
		asPage([][]string{header(), dose(who + secret)}) + "</body></html>"
}

func asCSV(rows [][]string) string { return "\ufeff" + joined(rows, ";", "\r\n") + "\r\n" }

func asWorkbook(rows [][]string) string { return zoo.Workbook("Sổ tiêm", joined(rows, "|", "\n")) }

func asPage(rows [][]string) string {
	return "<table><tr><td>" + joined(rows, "</td><td>", "</td></tr>\n<tr><td>") + "</td></tr></table>"
}

func joined(rows [][]string, cells, lines string) string {
	var out []string
	for _, r := range rows {
		out = append(out, strings.Join(r, cells))
	}
	return strings.Join(out, lines)
}

func asArray(rows [][]string) string { return "[" + strings.Join(objects(rows), ",\n") + "]" }
func asData(rows [][]string) string  { return `{"code":"200","data":` + asArray(rows) + "}" }
func asLines(rows [][]string) string { return strings.Join(objects(rows), "\n") + "\n" }

// objects are the rows below a header.
func objects(rows [][]string) []string {
	var out []string
	for _, r := range rows[1:] {
		var members []string
		for i, name := range rows[0] {
			members = append(members, fmt.Sprintf("%q:%q", name, r[i]))
		}
		out = append(out, "{"+strings.Join(members, ",")+"}")
	}
	return out
}

func asElements(rows [][]string) string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<DS>")
	for _, r := range rows[1:] {
		b.WriteString("<MUI>")
		for i, name := range rows[0] {
			name = strings.ReplaceAll(name, " ", "_")
			b.WriteString("<" + name + ">" + r[i] + "</" + name + ">")
		}
		b.WriteString("</MUI>\n")
	}
	return b.String() + "</DS>\n"
}

// everyFormat has a feed for each specimen, and one that goes by what files hold.
const everyFormat = `
- {name: his, format: giamdinhhs}
- {name: hssk831, format: hssk831}
- {name: csv, format: csv, kind: tiem_chung}
- {name: xlsx, format: xlsx, kind: tiem_chung}
- {name: html, format: xlsx, kind: tiem_chung}
- {name: json, format: json, kind: tiem_chung}
- {name: xml, format: xml, kind: tiem_chung}
- {name: documents, format: document, system: HIS}
- {name: auto, format: auto, kind: tiem_chung}
`

// configureFeeds gives the station other feeds, a line each. The files of each lie in a folder of its name.
func (s *station) configureFeeds(feeds string) {
	s.t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "schema: 1\nstation: {code: \"99001\"}\ndata_dir: '%s'\nwarehouse: {url: '%s'}\nfeeds:\n", s.data,
		s.address)
	for line := range strings.Lines(strings.TrimSpace(feeds) + "\n") {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "- {name: "), ",")
		folder := filepath.Join(s.v20, name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			s.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s, paths: ['%s'], settle: 100ms}\n", strings.TrimSuffix(line, "}\n"),
			filepath.Join(folder, "*"))
	}
	if err := os.WriteFile(s.config, []byte(b.String()), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// exhibit is a specimen's file of somebody.
type exhibit struct {
	specimen
	who, path, content string
}

// exhibit drops every specimen into its feed's folder and, but for texts, which look like lists, into that of the feed
// auto. Everybody in them has a number from first on. Secret ones are what must not be found, in their names too.
func (s *station) exhibit(t *testing.T, first int, secret bool) []exhibit {
	t.Helper()
	var out []exhibit
	list := specimens()
	for _, sp := range specimens() {
		if sp.feed != "documents" || !strings.HasSuffix(sp.name, ".txt") {
			sp.name, sp.feed = sp.feed+" "+sp.name, "auto"
			list = append(list, sp)
		}
	}
	for i, sp := range list {
		e := exhibit{specimen: sp, who: fmt.Sprintf("LE VAN SACH %03d", first+i)}
		hidden := ""
		if secret {
			hidden = fmt.Sprintf("%s %03d", zoo.Canary, first+i)
			e.name = hidden + " " + sp.name
		}
		if e.content = sp.file(e.who, hidden); secret && sp.alone {
			e.content = sp.file("", hidden)
		}
		e.path = s.drop(filepath.Join(s.v20, sp.feed), e.name, []byte(e.content))
		out = append(out, e)
	}
	return out
}
