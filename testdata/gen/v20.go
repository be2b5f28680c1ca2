package gen

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"time"
)

// Vaccination is one dose in a V20 list, as text: every field as the file has it.
type Vaccination struct {
	Code     string // Mã đối tượng
	Name     string
	Born     string // dd/MM/yyyy
	Sex      string // Nam, Nữ
	CCCD     string // empty in 1 of 200, malformed in another, as in real lists
	Vaccine  string // one of them holds a semicolon
	Dose     string
	Batch    string
	Day      string // dd/MM/yyyy
	Facility string
}

// Key returns what the row is known by: MA_DOI_TUONG, VAC_XIN, MUI_SO, NGAY_TIEM.
func (v Vaccination) Key() []string { return []string{v.Code, v.Vaccine, v.Dose, v.Day} }

// Identifiers returns strings that only rows of this person hold.
func (v Vaccination) Identifiers() []string { return longOnes(v.Code, v.Name, v.CCCD) }

// dosesEach is how many rows in a row belong to one child.
const dosesEach = 4

var vaccines = []string{
	"BCG", "Viêm gan B sơ sinh", "DPT-VGB-Hib (SII)", "bOPV", "IPV", "Sởi (MVVAC)", "Sởi - Rubella (MR)",
	"Viêm não Nhật Bản (Jevax)", "DPT; nhắc lại", "Rotavin-M1",
}

// Vaccinations returns the rows numbered from … to-1. Four rows in a row are
// doses of one child. It panics unless 0 ≤ from ≤ to ≤ Max.
func (s *Source) Vaccinations(from, to int) []Vaccination {
	var rows []Vaccination
	checkRange(from, to)
	for n := from; n < to; n++ {
		rows = append(rows, s.vaccination(n))
	}
	return rows
}

func (s *Source) vaccination(n int) Vaccination {
	c := s.child(n / dosesEach)
	d := roll(s.seed, vaccinationDice, n)
	v := Vaccination{
		Code: c.code, Name: c.name, Born: c.born.Format("02/01/2006"), Sex: "Nam", CCCD: c.cccd,
		Vaccine: vaccines[(n%dosesEach*3+n/dosesEach)%len(vaccines)], Dose: fmt.Sprint(n%dosesEach + 1),
		Batch: fmt.Sprintf("LOT-TEST-%d", d.between(1, 60)), Facility: facility,
	}
	if c.female {
		v.Sex = "Nữ"
	}
	v.Day = c.born.AddDate(0, 2+n%dosesEach, d.below(20)).Format("02/01/2006")
	switch n % 200 {
	case 17:
		v.CCCD = ""
	case 117:
		v.CCCD = v.CCCD[1:] // the leading zero lost in a spreadsheet
	}
	return v
}

// VaccinationCSV writes the rows as testdata/exports/v20_tiem_chung_like.csv
// has them: BOM, semicolons, CRLF, a header line, STT first.
func VaccinationCSV(rows ...Vaccination) []byte {
	lines := [][]string{{
		"STT", "Mã đối tượng", "Họ tên", "Ngày sinh", "Giới tính", "CCCD/Mã định danh", "Vắc xin", "Mũi số", "Số lô",
		"Ngày tiêm", "Mã cơ sở",
	}}
	for i, v := range rows {
		lines = append(lines, []string{
			fmt.Sprint(i + 1), v.Code, v.Name, v.Born, v.Sex, v.CCCD, v.Vaccine, v.Dose, v.Batch, v.Day, v.Facility,
		})
	}
	b := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(b)
	w.Comma, w.UseCRLF = ';', true
	if err := w.WriteAll(lines); err != nil {
		panic("gen: csv into memory: " + err.Error())
	}
	return b.Bytes()
}

// Nutrition is one weighing in the reply of the V20 nutrition interface, its fields
// in the interface's order.
type Nutrition struct {
	Version      int    `json:"SERIAL_VERSION_UID"`
	Transaction  string `json:"TRANSACTION_ID"`
	Subject      int    `json:"LT_DOITUONG_ID"`
	CCCD         string `json:"MA_DINH_DANH"`
	Code         string `json:"MA_DOI_TUONG"`
	Name         string `json:"HO_TEN"`
	Born         string `json:"NGAY_SINH"` // dd/MM/yyyy
	Sex          int    `json:"GIOI_TINH"`
	Phone        string `json:"SO_DIEN_THOAI"`
	OldID        string `json:"CMND"`
	HomeAddress  string `json:"HK_DIA_CHI"`
	Address      string `json:"TT_DIA_CHI"`
	Household    string `json:"MA_HGD"`
	Linked       int    `json:"LIEN_THONG"`
	Links        int    `json:"LUOT_LIEN_THONG"`
	HomeProvince string `json:"HK_MA_TINH"`
	HomeDistrict string `json:"HK_MA_HUYEN"`
	HomeCommune  string `json:"HK_MA_XA"`
	Province     string `json:"TT_MA_TINH"`
	District     string `json:"TT_MA_HUYEN"`
	Commune      string `json:"TT_MA_XA"`
	People       int    `json:"MA_DAN_TOC"`
}

// Key returns what the row is known by: MA_DOI_TUONG, TRANSACTION_ID.
func (r Nutrition) Key() []string { return []string{r.Code, r.Transaction} }

// Identifiers returns strings that only rows of this person hold.
func (r Nutrition) Identifiers() []string { return longOnes(r.Code, r.Name, r.CCCD, r.Household) }

// Nutrition returns the rows numbered from … to-1, each of another child. It
// panics unless 0 ≤ from ≤ to ≤ Max.
func (s *Source) Nutrition(from, to int) []Nutrition {
	var rows []Nutrition
	checkRange(from, to)
	for n := from; n < to; n++ {
		c := s.child(n)
		d := roll(s.seed, nutritionDice, n)
		r := Nutrition{
			Version: 1, Transaction: fmt.Sprintf("T%06d", n), Subject: 1000 + n, CCCD: c.cccd, Code: c.code,
			Name: c.name, Born: c.born.Format("02/01/2006"), Sex: 1, Phone: "0000000000", HomeAddress: pick(d, hamlets),
			Household: "HGD99001" + c.digits, Linked: d.below(2), HomeProvince: "99", HomeDistrict: "999",
			HomeCommune: "99999", Province: "99", District: "999", Commune: "99999",
			People: pick(d, []int{1, 1, 1, 1, 5, 13}),
		}
		r.Address, r.Links = r.HomeAddress, r.Linked*d.between(1, 3)
		if c.female {
			r.Sex = 2
		}
		rows = append(rows, r)
	}
	return rows
}

// NutritionJSON writes the rows as testdata/exports/v20_suy_dinh_duong_like.json
// has them: {"code":"200","data":[…]}, indented by one space, no line end.
func NutritionJSON(rows ...Nutrition) []byte {
	if rows == nil {
		rows = []Nutrition{}
	}
	b, err := json.MarshalIndent(struct {
		Code string      `json:"code"`
		Data []Nutrition `json:"data"`
	}{"200", rows}, "", " ")
	if err != nil {
		panic("gen: json into memory: " + err.Error())
	}
	return b
}

// child is an invented child; both lists have the same ones.
type child struct {
	digits, code, name, cccd string
	female                   bool
	born                     time.Time
}

// child makes child n. Counting down keeps its digits apart from those of the
// first half million visits.
func (s *Source) child(n int) child {
	d := roll(s.seed, childDice, n)
	c := child{digits: scatter(Max - 1 - n), female: d.in(49)}
	c.born = time.Date(2021+d.below(5), 1, 1+d.below(365), 0, 0, 0, 0, time.UTC)
	century := 2
	if c.female {
		century = 3
	}
	c.code = "DT99001" + c.digits
	c.cccd = fmt.Sprintf("000%d%s%s", century, c.born.Format("06"), c.digits)
	c.name = personName(d, c.female, c.digits)
	return c
}

func checkRange(from, to int) {
	if from < 0 || from > to || to > Max {
		panic(fmt.Sprintf("gen: rows %d to %d outside [0, %d]", from, to, Max))
	}
}

// longOnes leaves out what is too short not to occur by chance.
func longOnes(ids ...string) []string {
	var long []string
	for _, id := range ids {
		if len(id) >= 10 {
			long = append(long, id)
		}
	}
	return long
}
