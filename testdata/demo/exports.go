package main

import (
	"fmt"
	"os"
	"path/filepath"

	"tramsync/testdata/gen"
)

// tally is what the dropped exports hold, known from how they were made.
type tally struct {
	files, rejected int // readable and unreadable files that lie there at the end
	records         int // visits and rows in readable files, each time they were exported
	withheld        int // of them, by the exclusion rules
	repeated        int // of them, exported before without a change
	changed         int // of them, exported before and changed
}

// drop puts a file where an export would appear.
func (d *demo) drop(folder, name string, content []byte) error {
	if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
		return fmt.Errorf("drop export: %w", err)
	}
	return nil
}

// sample drops one of the hand-made exports.
func (d *demo) sample(folder, from, name string) error {
	content, err := os.ReadFile(filepath.Join("testdata", "exports", from))
	if err != nil {
		return fmt.Errorf("read sample: %w", err)
	}
	return d.drop(folder, name, content)
}

const seed = 2026

// visits drops visits from … to-1 in files of two to four, written in different ways.
func (d *demo) visits(from, to int) error {
	src := gen.New(seed)
	for n := from; n < to; {
		size := min(2+n%3, to-n)
		var list []gen.Visit
		for range size {
			list = append(list, src.Visit(n))
			n++
		}
		e := gen.Envelope{
			Wrap: []int{0, 64, 76}[n%3], CRLF: n%2 == 0, BOM: n%4 == 0, Inline: n%7 == 0, Signed: n%5 == 0,
		}
		if err := d.drop(d.his, fmt.Sprintf("DATA_XML_20261121_%06d.xml", n), gen.File(e, list...)); err != nil {
			return err
		}
		d.want.files++
		d.want.records += size
	}
	return nil
}

func (d *demo) firstExports() error {
	for _, s := range []struct {
		name              string
		records, withheld int
	}{{"his4750_three_bom_crlf_wrap64.xml", 3, 0}, {"his4750_inline_and_empty_tables.xml", 1, 0},
		{"his4750_utf16le_file.xml", 1, 0}, {"his4210_one.xml", 1, 0}, {"his4750_signed.xml", 1, 0},
		{"unknown_loaihoso.xml", 1, 0}, {"his4750_exclusion_mix.xml", 4, 3}} {
		if err := d.sample(d.his, s.name, s.name); err != nil {
			return err
		}
		d.want.files++
		d.want.records += s.records
		d.want.withheld += s.withheld
	}
	for _, name := range []string{"bad_truncated.xml", "bad_base64.xml"} {
		if err := d.sample(d.his, name, name); err != nil {
			return err
		}
		d.want.rejected++
	}
	src := gen.New(seed)
	if err := d.drop(d.v20, "tiemchung_20261121.csv", gen.VaccinationCSV(src.Vaccinations(0, 40)...)); err != nil {
		return err
	}
	if err := d.drop(d.v20, "suydinhduong_20261121.json", gen.NutritionJSON(src.Nutrition(0, 25)...)); err != nil {
		return err
	}
	d.want.files += 2
	d.want.records += 65
	return d.visits(0, 60)
}

func (d *demo) laterExports() error {
	src := gen.New(seed)
	// The list of vaccinations is a snapshot: it repeats the old rows.
	if err := d.drop(d.v20, "tiemchung_20261122.csv", gen.VaccinationCSV(src.Vaccinations(0, 52)...)); err != nil {
		return err
	}
	// Three visits exported again under another date, one of them corrected.
	again := gen.File(gen.Envelope{Date: "20261122", Wrap: 64}, src.Visit(7), src.Visit(8).Changed(), src.Visit(9))
	if err := d.drop(d.his, "xuat_lai_20261122.xml", again); err != nil {
		return err
	}
	d.want.files += 2
	d.want.records += 52 + 3
	d.want.repeated += 40 + 2
	d.want.changed++
	for i, kind := range gen.Kinds() {
		file := gen.File(gen.Envelope{}, src.Visit(5000+i).Withheld(kind))
		if err := d.drop(d.his, fmt.Sprintf("ho_so_%d.xml", i), file); err != nil {
			return err
		}
		d.want.files++
		d.want.records++
		d.want.withheld++
	}
	// The file that was cut off is exported again, whole.
	if err := d.sample(d.his, "his4750_one.xml", "bad_truncated.xml"); err != nil {
		return err
	}
	d.want.rejected--
	d.want.files++
	d.want.records++
	d.want.changed += sharedSample
	return d.visits(60, 200)
}

// sharedSample: his4750_one.xml, the first visit of his4750_three_bom_crlf_wrap64.xml and the clean one of
// his4750_exclusion_mix.xml have one MA_LK and differ, so that two of them are new revisions.
const sharedSample = 2
