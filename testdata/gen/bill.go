package gen

import "fmt"

// bill adds up what a visit costs, in hundredths of a đồng.
type bill struct{ drugs, all, insured, self, share, insurer int }

// add divides one line's amount between patient and insurer.
func (b *bill) add(cents, cover int) bill {
	line := bill{all: cents, self: cents}
	if cover > 0 {
		line.self, line.insured = 0, cents
		line.insurer = cents / 100 * cover
		line.share = cents - line.insurer
	}
	b.all += line.all
	b.insured += line.insured
	b.self += line.self
	b.share += line.share
	b.insurer += line.insurer
	return line
}

// columns are the amounts of one line of XML2 and XML3.
func (b bill) columns(cover int) values {
	return values{
		"PHAM_VI": scope(cover), "TYLE_TT_BH": "100", "MUC_HUONG": fmt.Sprint(cover),
		"THANH_TIEN_BV": amount(b.all), "THANH_TIEN_BH": amount(b.insured),
		"T_NGUONKHAC_NSNN": "0", "T_NGUONKHAC_VTNN": "0", "T_NGUONKHAC_VTTN": "0", "T_NGUONKHAC_CL": "0",
		"T_NGUONKHAC": "0", "T_BNTT": amount(b.self), "T_BNCCT": amount(b.share), "T_BHTT": amount(b.insurer),
	}
}

// totals are the amounts of XML1.
func (b bill) totals() values {
	return values{
		"T_THUOC": amount(b.drugs), "T_VTYT": "0", "T_TONGCHI_BV": amount(b.all), "T_TONGCHI_BH": amount(b.insured),
		"T_BNTT": amount(b.self), "T_BNCCT": amount(b.share), "T_BHTT": amount(b.insurer), "T_NGUONKHAC": "0",
		"T_BHTT_GDV": amount(b.insurer),
	}
}

// scope is PHAM_VI: 1 within what the insurer covers, 2 outside.
func scope(cover int) string {
	if cover > 0 {
		return "1"
	}
	return "2"
}

// amount writes money with two decimals, and zero as exporters do.
func amount(cents int) string {
	if cents == 0 {
		return "0"
	}
	return fmt.Sprintf("%d.%02d", cents/100, cents%100)
}
