package gen

import (
	"fmt"
	"time"
)

// facility is the station of every visit. Province 99 does not exist.
const facility = "99001"

// person is an invented patient: the name says so, province 99, commune 99999,
// the CCCD prefix 000 and the telephone prefix 001 exist nowhere.
type person struct {
	digits, name, cccd, code, card, phone string
	cardUntil, registered, born           string
	female                                bool
	age                                   int
	mother, address, people, trade        string
	weight                                int // in 100 g
}

// newPerson makes person n, seen on the given day.
func newPerson(d dice, n int, day time.Time) person {
	p := person{digits: scatter(n), female: d.in(56), age: age(d)}
	year, century := day.Year()-p.age, 0
	if year >= 2000 {
		century = 2
	}
	if p.female {
		century++
	}
	p.name = personName(d, p.female, p.digits)
	p.cccd = fmt.Sprintf("000%d%02d%s", century, year%100, p.digits)
	p.code = "BN990" + p.digits
	p.born = fmt.Sprintf("%d%02d%02d0000", year, d.between(1, 12), d.between(1, 28))
	if p.age > 60 && d.in(20) {
		p.born = fmt.Sprintf("%d00000000", year)
	}
	if d.in(70) {
		p.phone = "0010" + p.digits
	}
	p.insure(d, day)
	p.address = fmt.Sprintf("%s %d, %s, xã Mẫu, tỉnh Ví Dụ", pick(d, doors), d.between(1, 480), pick(d, hamlets))
	p.people = pick(d, []string{"01", "01", "01", "01", "01", "01", "05", "13", "24"})
	p.trade = pick(d, []string{"00000", "00000", "61000", "51400", "92110", "00011", "75300"})
	p.weight = 430 + d.below(280)
	if p.age < 15 {
		p.weight = 85 + 25*p.age + d.below(30)
		p.trade = "00000"
	}
	if p.age < 7 {
		p.mother = personName(d, true, p.digits)
	}
	return p
}

// insure gives most people a card: fifteen characters, or since 15/08/2025 the
// CCCD itself.
func (p *person) insure(d dice, day time.Time) {
	kind := pick(d, []string{"GD4", "GD4", "GD4", "HN2", "DN4", "HT3", "CN3", "BT2"})
	if p.age < 6 {
		kind = "TE1"
	}
	switch share := d.below(100); {
	case share < 7:
		return
	case share < 20 && day.Year() > 2025:
		p.card = p.cccd
	default:
		p.card = kind + "999900" + p.digits
	}
	p.cardUntil = fmt.Sprintf("%d1231", day.Year())
	p.registered = pick(d, []string{facility, facility, facility, facility, "99002", "99010"})
}

// sex is the code of GIOI_TINH.
func (p person) sex() string {
	if p.female {
		return "2"
	}
	return "1"
}

// age follows a commune station's out-patients: many small children and old people.
func age(d dice) int {
	switch share := d.below(100); {
	case share < 14:
		return d.between(1, 5)
	case share < 24:
		return d.between(6, 17)
	case share < 58:
		return d.between(18, 59)
	default:
		return d.between(60, 91)
	}
}

// scatter turns n into six digits, different for every n below Max, so that
// neighbours do not differ in the last digit alone.
func scatter(n int) string { return fmt.Sprintf("%06d", (int64(n)*618033+271828)%Max) }

// personName is a name as registers write it, in capitals, with a word that marks
// it as invented and letters that make it the only one.
func personName(d dice, female bool, digits string) string {
	middle, given := middleMale, givenMale
	if female {
		middle, given = middleFemale, givenFemale
	}
	name := pick(d, families) + " " + pick(d, middle)
	if d.in(60) {
		name += " " + pick(d, given)
	}
	return name + " " + pick(d, []string{"THỬ", "MẪU"}) + " " + letters(digits)
}

// letters writes digits as five consonants: no word of any language comes out.
func letters(digits string) string {
	const consonants = "BCDFGHKLMNPQRSTVWXYZ"
	number := 0
	for _, c := range digits {
		number = number*10 + int(c-'0')
	}
	var word [5]byte
	for i := range word {
		word[i] = consonants[number%len(consonants)]
		number /= len(consonants)
	}
	return string(word[:])
}

var (
	families = []string{
		"NGUYỄN", "NGUYỄN", "NGUYỄN", "TRẦN", "TRẦN", "LÊ", "PHẠM", "HUỲNH", "PHAN", "VŨ", "VÕ", "ĐẶNG", "BÙI",
		"ĐỖ", "HỒ", "NGÔ", "DƯƠNG", "LÝ", "THẠCH", "KIM", "LƯƠNG", "TRỊNH", "ĐINH", "MAI", "CAO",
	}
	middleMale   = []string{"VĂN", "VĂN", "VĂN", "HỮU", "MINH", "QUỐC", "THANH", "ĐỨC", "CÔNG", "NGỌC"}
	middleFemale = []string{"THỊ", "THỊ", "THỊ", "THỊ", "NGỌC", "THỊ THU", "THỊ KIM", "HỒNG", "BÍCH", "THỊ MỸ"}
	givenMale    = []string{
		"HÙNG", "DŨNG", "TÂM", "PHÚC", "LỘC", "TÀI", "HẢI", "SƠN", "LONG", "KHOA", "BẢO", "PHONG", "VINH", "HẬU",
	}
	givenFemale = []string{
		"HOA", "LAN", "HƯƠNG", "TUYẾT", "NGA", "THẢO", "HẠNH", "PHƯỢNG", "YẾN", "LOAN", "THÚY", "TRANG", "VÂN", "CÚC",
	}
	doors   = []string{"Số nhà", "Số nhà", "Số", "Tổ", "Nhà số"}
	hamlets = []string{
		"Ấp Thử Nghiệm", "Ấp Thử Nghiệm 2", "Ấp Mẫu A", "Ấp Mẫu B", "Ấp Ví Dụ", "Ấp Giả Định", "Khóm Thử",
		"Khóm Mẫu 1", "Khóm Mẫu 2", "Thôn Ví Dụ Thượng", "Thôn Ví Dụ Hạ",
	}
)
