package screen_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/screen"
	"tramsync/sync/wire"
	"tramsync/testdata/gen"
)

func TestPlacesAreInTheOrderOfTheDocument(t *testing.T) {
	rules := parse(t, `{id: B, text: [y], action: drop_fields}`, `{id: A, text: [x], action: drop_fields}`,
		`{id: A, text: [x, y], fields: ["*.P"], action: drop_fields}`)
	tables := []wire.Table{table(t, "XML1", "<W><R><P>x y</P><Q>y</Q></R><R><P>x</P></R></W>"),
		table(t, "XML2", "<R><Q>z</Q><Q>x</Q></R>")}
	want := screen.Verdict{CutBy: []string{"B", "A"}, Cut: []screen.Cut{
		{Place: screen.Place{Table: 0, Row: 0, Field: 0}}, {Place: screen.Place{Table: 0, Row: 0, Field: 1}},
		{Place: screen.Place{Table: 0, Row: 1, Field: 0}}, {Place: screen.Place{Table: 1, Row: 0, Field: 1}},
	}}
	if diff := cmp.Diff(want, rules.Record("visit", tables)); diff != "" {
		t.Error(diff)
	}
}

func TestRowsAreLookedInto(t *testing.T) {
	rules := builtin(t)
	tests := []struct{ name, kind, cell, want string }{
		{"a drug in a list", "don_thuoc", `ds=[{"ten_thuoc":"A"},{"ten_thuoc":"Methadone"}]`, "drop DRUG-RX"},
		{"the same word elsewhere", "don_thuoc", `thuoc=[{"cach_dung":"Methadone"}]`, ""},
		{"escaped letters", "x", `a={"b":"nghi\u1ec7n ma t\u00fay"}`, "drop TXT"},
		{"a code in a column of codes", "x", `icd={"ma":["I10","B20"]}`, "drop HIV-ICD"},
		{"a code far inside", "x", `a=[[{"b":[{"ma_benh":"B20","c":1}]}]]`, "drop HIV-ICD"},
		{"a member to cut", "thai_san", `xet_nghiem={"hiv":"âm tính","kq_hiv":0,"mau":"A"}`, "cut FLD: xet_nghiem"},
		{"an empty member of that name", "thai_san", `xet_nghiem={"hiv":null,"kq_hiv":"","ds_hiv":[],"mau":"A"}`, ""},
		{"a member's name alone", "x", `a={"hiv":null}`, ""},
		{"a list of words", "x", `a=["rượu","HIV"]`, "drop TXT"},
		{"what only begins like JSON", "x", `a=[2 viên/ngày] HIV`, "drop TXT"},
		{"JSON that breaks off", "x", `a={"b":"HIV"`, "drop TXT"},
		{"JSON with more behind", "x", `a=[] HIV`, "drop TXT"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := verdict(t, rules, tt.kind, tt.cell); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.cell, got, tt.want)
			}
		})
	}
}

func event(data wire.Data, system, kind string) *wire.Event {
	data.Key = []string{"k"}
	e := wire.NewEvent("99001", "feed", system, kind, time.Unix(0, 0), data)
	return &e
}

// What the station cuts out, the warehouse doesn't miss.
func TestATrimmedVisitIsTakenIn(t *testing.T) {
	rules := builtin(t)
	v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("XML15", []byte("<W><CHITIET_DIEUTRI_BENHLAO>"+
		"<MA_LK>V1</MA_LK><PHANLOAI_LAO_HIV>2</PHANLOAI_LAO_HIV><CON><KQ_HIV>0</KQ_HIV><A>1</A></CON><NGAYKD_HIV/>"+
		"<BDDT_ARV>0</BDDT_ARV></CHITIET_DIEUTRI_BENHLAO></W>"), nil)}}
	tables, err := v.Tables()
	if err != nil {
		t.Fatal(err)
	}
	verdict := rules.Record("visit", tables)
	if verdict.Drop != "" || len(verdict.Cut) != 3 {
		t.Fatalf("verdict = %+v", verdict)
	}
	ranges, ok := verdict.Ranges(v, tables)
	if !ok {
		t.Fatal("it can't be cut out")
	}
	v.CutOut(0, ranges[0])
	want := "<W><CHITIET_DIEUTRI_BENHLAO><MA_LK>V1</MA_LK><CON><A>1</A></CON><NGAYKD_HIV/>" +
		"</CHITIET_DIEUTRI_BENHLAO></W>"
	if got := v.Documents[0].Content; got != want {
		t.Errorf("left: %s", got)
	}
	if got, err := rules.Excluded(event(wire.Data{Visit: v}, "HIS", "visit")); err != nil || got {
		t.Errorf("Excluded = %v, %v", got, err)
	}
}

func generated(t testing.TB, v gen.Visit) []wire.Table {
	t.Helper()
	var out []wire.Table
	for _, d := range v.Docs {
		out = append(out, table(t, d.Type, d.Content))
	}
	return out
}

func TestGeneratedVisits(t *testing.T) {
	rules, source, visits := builtin(t), gen.New(20261122), 3000
	if testing.Short() {
		visits = 300
	}
	for n := range visits {
		if got := told(rules, "visit", generated(t, source.Visit(n))); got != "" {
			t.Fatalf("visit %d, a clean one: %q", n, got)
		}
	}
	want := map[string]string{
		"B20": "drop HIV-ICD", "Z21": "drop HIV-ICD", "F11": "drop DRUG-ICD", "XML6": "drop HIV-T6", "text": "drop TXT",
	}
	for _, kind := range gen.Kinds() {
		for n := range 100 {
			if got := told(rules, "visit", generated(t, source.Visit(n).Withheld(kind))); got != want[kind] {
				t.Fatalf("visit %d with %s: %q, want %q", n, kind, got, want[kind])
			}
		}
	}
}

func TestGeneratedRows(t *testing.T) {
	rules := builtin(t)
	for _, v := range gen.New(1).Vaccinations(0, 500) {
		drop, cut, _ := rules.Row("tiem_chung", map[string]string{"Mã đối tượng": v.Code, "Họ tên": v.Name,
			"Vắc xin": v.Vaccine, "Mũi số": v.Dose, "Nhóm đối tượng": "1"}, nil)
		if drop != "" || len(cut) > 0 {
			t.Fatalf("a vaccination: %q, %v", drop, cut)
		}
	}
}

func TestRulesMayBeShared(t *testing.T) {
	rules, source := builtin(t), gen.New(1)
	var visits [][]wire.Table
	for n := range 40 {
		visits = append(visits, generated(t, source.Visit(n)))
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for n, tables := range visits {
				if got := told(rules, "visit", tables); got != "" {
					t.Errorf("goroutine %d, visit %d: %q", g, n, got)
				}
				if got := verdict(t, rules, "x", "Mã bệnh=B20"); got != "drop HIV-ICD" {
					t.Errorf("goroutine %d: %q", g, got)
				}
				if got := rules.File("visit", "/srv/HIV"); got != "PATH" {
					t.Errorf("goroutine %d: %q", g, got)
				}
			}
		})
	}
	wg.Wait()
}
