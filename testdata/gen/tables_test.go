package gen_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"tramsync/testdata/gen"
)

func TestVisit_tables_follow_the_field_order_of_4750(t *testing.T) {
	s, tables := gen.New(1), shapes(t)
	seen := map[string]int{}
	for n := range 500 {
		v := s.Visit(n)
		if v.Standard != gen.QD4750 {
			continue
		}
		for _, d := range v.Withheld("XML6").Docs {
			want, ok := tables[d.Type]
			if !ok {
				t.Fatalf("visit %d has a table %s", n, d.Type)
			}
			all := records(t, d.Content, want.Record)
			if len(all) == 0 {
				t.Errorf("visit %d: %s has no record %s", n, d.Type, want.Record)
			}
			for _, r := range all {
				if got := strings.Join(r.order, " "); got != want.order() {
					t.Fatalf("visit %d, %s:\n got %s\nwant %s", n, d.Type, got, want.order())
				}
			}
			opening := "<" + want.Root + ">"
			if want.List != "" {
				opening += "<" + want.List + ">"
			}
			if body := strings.TrimPrefix(d.Content, declaration); !strings.HasPrefix(body, opening) {
				t.Errorf("visit %d: %s does not start with %s", n, d.Type, opening)
			}
			seen[d.Type]++
		}
	}
	for _, table := range strings.Fields("XML1 XML2 XML3 XML4 XML5 XML6 XML7 XML8 XML11 XML13 XML14") {
		if seen[table] == 0 {
			t.Errorf("no visit has %s", table)
		}
	}
}

func TestVisit_tables_follow_the_field_order_of_4210(t *testing.T) {
	want := map[string]string{
		"TONG_HOP": "MA_LK STT MA_BN HO_TEN NGAY_SINH GIOI_TINH DIA_CHI MA_THE MA_DKBD GT_THE_TU GT_THE_DEN " +
			"MIEN_CUNG_CT TEN_BENH MA_BENH MA_BENHKHAC MA_LYDO_VVIEN MA_NOI_CHUYEN MA_TAI_NAN NGAY_VAO NGAY_RA " +
			"SO_NGAY_DTRI KET_QUA_DTRI TINH_TRANG_RV NGAY_TTOAN T_THUOC T_VTYT T_TONGCHI T_BNTT T_BNCCT T_BHTT " +
			"T_NGUONKHAC T_NGOAIDS NAM_QT THANG_QT MA_LOAI_KCB MA_KHOA MA_CSKCB MA_KHUVUC MA_PTTT_QT CAN_NANG",
		"CHI_TIET_CLS":            "MA_LK STT MA_DICH_VU MA_CHI_SO TEN_CHI_SO GIA_TRI MA_MAY MO_TA KET_LUAN NGAY_KQ",
		"CHI_TIET_DIEN_BIEN_BENH": "MA_LK STT DIEN_BIEN HOI_CHAN PHAU_THUAT NGAY_YL",
	}
	tables := map[string]string{"TONG_HOP": "XML1", "CHI_TIET_CLS": "XML4", "CHI_TIET_DIEN_BIEN_BENH": "XML5"}
	s, seen := gen.New(1), map[string]int{}
	for n := range 600 {
		v := s.Visit(n)
		if v.Standard != gen.QD4210 {
			continue
		}
		if strings.Contains(text(v), "CHITIEU_") || !strings.Contains(text(v), "<![CDATA[") {
			t.Fatalf("visit %d has outer wrappers or no CDATA:\n%s", n, text(v))
		}
		for name, order := range want {
			if doc(v, tables[name]) == "" {
				continue
			}
			for _, r := range records(t, doc(v, tables[name]), name) {
				if got := strings.Join(r.order, " "); got != order {
					t.Fatalf("visit %d, %s:\n got %s\nwant %s", n, name, got, order)
				}
				seen[name]++
			}
		}
	}
	if len(seen) != len(want) {
		t.Errorf("saw only %v", seen)
	}
}

func TestVisit_looks_like_a_commune_visit(t *testing.T) {
	s := gen.New(1)
	between := func(n int, what string, got, low, high int) {
		t.Helper()
		if got < low || got > high {
			t.Errorf("visit %d has %d %s, want %d to %d", n, got, what, low, high)
		}
	}
	reference := false
	for n := range 400 {
		v := s.Visit(n)
		between(n, "XML1", len(records(t, doc(v, "XML1"), "TONG_HOP")), 1, 1)
		between(n, "drugs", len(records(t, doc(v, "XML2"), "CHI_TIET_THUOC")), 1, 5)
		between(n, "services", len(records(t, doc(v, "XML3"), "CHI_TIET_DVKT")), 1, 3)
		between(n, "notes", len(records(t, doc(v, "XML5"), "CHI_TIET_DIEN_BIEN_BENH")), 1, 2)
		if !strings.Contains(doc(v, "XML1"), "<MA_CSKCB>99001</MA_CSKCB>") || v.Facility != "99001" {
			t.Errorf("visit %d is not of facility 99001", n)
		}
		reference = reference || strings.Contains(text(v), "&amp;")
	}
	if !reference {
		t.Error("no visit holds &amp;")
	}
}

// total reads an amount in hundredths of a đồng.
func total(t *testing.T, r record, field string) int {
	t.Helper()
	whole, decimals, _ := strings.Cut(r.fields[field], ".")
	if whole == "" {
		return 0
	}
	n, err := strconv.Atoi(whole + (decimals + "00")[:2])
	if err != nil {
		t.Fatalf("%s: %v", field, err)
	}
	return n
}

func TestVisit_amounts_add_up(t *testing.T) {
	names := map[gen.Standard][2]string{
		gen.QD4750: {"T_TONGCHI_BV", "THANH_TIEN_BV"},
		gen.QD4210: {"T_TONGCHI", "THANH_TIEN"},
	}
	s, covers := gen.New(1), map[string]int{}
	for n := range 400 {
		v := s.Visit(n)
		of, line := names[v.Standard][0], names[v.Standard][1]
		sum := map[string]int{}
		rows := records(t, doc(v, "XML2"), "CHI_TIET_THUOC")
		for _, r := range rows {
			sum["T_THUOC"] += total(t, r, line)
			price := total(t, r, "SO_LUONG") / 100 * total(t, r, "DON_GIA")
			if price == 0 || price != total(t, r, line) {
				t.Errorf("visit %d: %s × %s ≠ %s", n, r.fields["SO_LUONG"], r.fields["DON_GIA"], r.fields[line])
			}
		}
		for _, r := range append(rows, records(t, doc(v, "XML3"), "CHI_TIET_DVKT")...) {
			sum[of] += total(t, r, line)
			for _, part := range []string{"T_BNTT", "T_BNCCT", "T_BHTT"} {
				sum[part] += total(t, r, part)
			}
			covers[r.fields["MUC_HUONG"]]++
		}
		one := records(t, doc(v, "XML1"), "TONG_HOP")[0]
		for field, want := range sum {
			if got := total(t, one, field); got != want {
				t.Errorf("visit %d (QĐ %s): %s = %d, the rows add up to %d", n, v.Standard, field, got, want)
			}
		}
		if paid := sum["T_BNTT"] + sum["T_BNCCT"] + sum["T_BHTT"]; paid != sum[of] {
			t.Errorf("visit %d: paid %d of %d", n, paid, sum[of])
		}
	}
	for _, cover := range []string{"0", "80", "95", "100"} {
		if covers[cover] == 0 {
			t.Errorf("no row has MUC_HUONG %s", cover)
		}
	}
}

func TestVisit_dates_are_in_order(t *testing.T) {
	s := gen.New(1)
	for n := range 400 {
		r := records(t, doc(s.Visit(n), "XML1"), "TONG_HOP")[0].fields
		in, out, paid := r["NGAY_VAO"], r["NGAY_RA"], r["NGAY_TTOAN"]
		if in >= out || out >= paid || paid >= "202611210000" {
			t.Errorf("visit %d: NGAY_VAO %s, NGAY_RA %s, NGAY_TTOAN %s", n, in, out, paid)
		}
	}
}

// The words and codes are deliberately more than any rule has: drugs that only treat
// what must not be taken in, codes of families and screenings.
const forbiddenWords = `hiv|aids|ma túy|ma tuý|ma tuy|mại dâm|mai dam|bán dâm|ban dam|nghiện|nghien|heroin|methadon|
morphin|codein|buprenorphin|naltrexon|efavirenz|dolutegravir|nevirapin|zidovudin|abacavir|lamivudin|tenofovir|
lopinavir|amphetamin|cocain|cần sa|thuốc lắc|tải lượng|kháng virus|kháng vi rút`

const forbiddenCodes = `B20 B21 B22 B23 B24 Z F0 F1 R75 R78 T40 T43 O98 P04 P96 X42 X62 Y12`

// forbiddenIn returns a word or code in a visit that must not be taken in, or "".
func forbiddenIn(v gen.Visit) string {
	body := text(v)
	lower := strings.ReplaceAll(strings.ToLower(body), "t_ngoaids", "") // a field of QĐ 4210
	for word := range strings.SplitSeq(strings.ReplaceAll(forbiddenWords, "\n", ""), "|") {
		if strings.Contains(lower, word) {
			return word
		}
	}
	for code := range strings.FieldsSeq(forbiddenCodes) {
		for _, before := range []string{"MA_BENH>", "MA_BENH_CHINH>", "MA_BENH_KT>", "MA_BENHKHAC>", ";"} {
			if strings.Contains(body, before+code) {
				return code
			}
		}
	}
	return ""
}

func TestVisit_holds_nothing_that_must_not_be_taken_in(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		s := gen.New(seed)
		for n := range 1500 {
			if hit := forbiddenIn(s.Visit(n)); hit != "" {
				t.Fatalf("seed %d, visit %d holds %q", seed, n, hit)
			}
		}
	}
	for _, kind := range gen.Kinds() {
		if forbiddenIn(gen.New(1).Visit(0).Withheld(kind)) == "" {
			t.Errorf("this test does not see %s", kind)
		}
	}
}

func TestFile_of_one_visit_is_as_large_as_a_real_one(t *testing.T) {
	s := gen.New(1)
	sum, largest := 0, 0
	const visits = 1000
	for n := range visits {
		v := s.Visit(n)
		size := len(gen.File(gen.Envelope{}, v))
		sum, largest = sum+size, max(largest, size)
		if low := map[gen.Standard]int{gen.QD4750: 9000, gen.QD4210: 5000}[v.Standard]; size < low {
			t.Errorf("visit %d (QĐ %s) makes a file of %d bytes", n, v.Standard, size)
		}
	}
	if average := sum / visits; average < 12_800 || average > 14_200 || largest > 30_000 {
		t.Errorf("files of %s bytes on average, %d at most", fmt.Sprint(average), largest)
	}
}
