package gen_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/testdata/gen"
)

func TestVisit_Changed(t *testing.T) {
	diagnosis := map[gen.Standard]string{gen.QD4750: "CHAN_DOAN_RV", gen.QD4210: "TEN_BENH"}
	for _, std := range standards {
		t.Run("QĐ "+string(std)+" keeps the key and differs in diagnosis and day of payment", func(t *testing.T) {
			before := of(gen.New(1), std, 0)
			untouched := text(before)
			after := before.Changed()
			if after.MaLK != before.MaLK || after.MaBN != before.MaBN || after.Standard != std {
				t.Errorf("identity became %s %s %s", after.MaLK, after.MaBN, after.Standard)
			}
			was, is := records(t, doc(before, "XML1"), "TONG_HOP")[0], records(t, doc(after, "XML1"), "TONG_HOP")[0]
			var fields []string
			for _, f := range was.order {
				if was.fields[f] != is.fields[f] {
					fields = append(fields, f)
				}
			}
			if diff := cmp.Diff([]string{diagnosis[std], "NGAY_TTOAN"}, fields); diff != "" {
				t.Errorf("changed fields (-want +got):\n%s", diff)
			}
			if want := was.fields[diagnosis[std]] + ", có bổ sung"; is.fields[diagnosis[std]] != want {
				t.Errorf("diagnosis = %q, want %q", is.fields[diagnosis[std]], want)
			}
			if text(before) != untouched {
				t.Error("Changed changed its receiver")
			}
			if text(after.Changed()) == text(after) {
				t.Error("a second correction is like the first")
			}
		})
	}
}

func TestVisit_Withheld_puts_one_thing_in(t *testing.T) {
	place := map[gen.Standard]map[string][4]string{
		gen.QD4750: {
			"B20":  {"XML1", "TONG_HOP", "MA_BENH_CHINH", "B20.0"},
			"Z21":  {"XML1", "TONG_HOP", "MA_BENH_KT", ";Z21"},
			"F11":  {"XML3", "CHI_TIET_DVKT", "MA_BENH", ";F11.2"},
			"XML6": {"XML6", "HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS", "MA_LOAI_BN", "1"},
			"text": {"XML1", "TONG_HOP", "CHAN_DOAN_RV", "nghiện ma túy"},
		},
		gen.QD4210: {
			"B20":  {"XML1", "TONG_HOP", "MA_BENH", "B20.0"},
			"Z21":  {"XML1", "TONG_HOP", "MA_BENHKHAC", ";Z21"},
			"F11":  {"XML3", "CHI_TIET_DVKT", "MA_BENH", ";F11.2"},
			"XML6": {"XML6", "HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS", "MA_LOAI_BN", "1"},
			"text": {"XML1", "TONG_HOP", "TEN_BENH", "nghiện ma túy"},
		},
	}
	for _, std := range standards {
		before := of(gen.New(1), std, 0)
		for _, kind := range gen.Kinds() {
			t.Run(fmt.Sprintf("%s of QĐ %s", kind, std), func(t *testing.T) {
				after, at := before.Withheld(kind), place[std][kind]
				if got := first(t, after, at[0], at[1], at[2]); !strings.HasSuffix(got, at[3]) {
					t.Errorf("%s.%s = %q, want …%q", at[0], at[2], got, at[3])
				}
				for _, d := range after.Docs {
					if d.Type != at[0] && d.Content != doc(before, d.Type) {
						t.Errorf("%s changed too", d.Type)
					}
				}
				if strings.Contains(text(before), at[3]) && at[3] != "1" {
					t.Errorf("the visit held %q before", at[3])
				}
				if after.MaLK != before.MaLK {
					t.Errorf("MA_LK became %s", after.MaLK)
				}
				if diff := cmp.Diff(before.Identifiers(), after.Identifiers()); diff != "" {
					t.Errorf("identifiers changed:\n%s", diff)
				}
			})
		}
	}
}

func TestVisit_Withheld_panics_on_an_unknown_kind(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	gen.New(1).Visit(0).Withheld("B19")
}
