package gen_test

import (
	"bytes"
	"fmt"

	"tramsync/testdata/gen"
)

// A visit, the same corrected, and one that an agent must not take in.
func Example() {
	s := gen.New(1)
	visit := s.Visit(0)
	first := gen.File(gen.Envelope{}, visit, s.Visit(1))
	corrected := gen.File(gen.Envelope{Wrap: 64, CRLF: true, BOM: true}, visit.Changed())
	secret := gen.File(gen.Envelope{}, visit.Withheld("B20"))

	fmt.Println(visit.MaLK, visit.Standard, visit.Docs[0].Type)
	fmt.Println(visit.Identifiers()[1]) // what must not appear in any log
	fmt.Println(bytes.Count(first, []byte("<HOSO>")), bytes.Count(corrected, []byte("<HOSO>")), len(secret) > 9000)
	// Output:
	// 99001_2026_01_BN990271828_1 4750 XML1
	// TRỊNH VĂN KHOA THỬ MQZSC
	// 2 1 true
}

func ExampleVaccinationCSV() {
	rows := gen.New(1).Vaccinations(0, 2)
	fmt.Println(rows[1].Key())
	rows[1].Batch = "LOT-TEST-99" // the next snapshot: the same key, other content
	lines := bytes.Split(gen.VaccinationCSV(rows...), []byte("\r\n"))
	fmt.Println(string(lines[2]))
	// Output:
	// [DT99001653795 bOPV 2 04/06/2023]
	// 2;DT99001653795;NGÔ THANH HẬU THỬ VNTCG;16/02/2023;Nam;000223653795;bOPV;2;LOT-TEST-99;04/06/2023;99001
}
