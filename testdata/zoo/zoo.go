// Package zoo holds small export files of every shape that the decoders must cope with, good and bad, with what is to
// become of each. It is for tests only; everybody in it is invented.
//
// It guarantees that names are unique and that bad files hold [Canary] in their content, so that a test can prove that
// no error quotes it. It reads nothing and keeps nothing; everything returned belongs to the caller.
package zoo

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"tramsync/agent/export"
)

// Canary stands in the content of bad files.
const Canary = "NGUYEN THI CANARY"

// Case is one file.
type Case struct {
	Name     string
	Settings export.Settings
	File     string
	// Want are the records, a line each: kind, key, @facility, documents, standard and flags of a visit, or columns of
	// a row, and !findings with their places. Fingerprints in keys are a mere ~.
	Want  []string
	Fault *export.FormatError // instead; of Offset only whether there is one is meant
}

// Cases are all files.
func Cases() []Case {
	return slices.Concat(envelopes(), contents(), around(), standards(), encodings(), bare(), renamed(), checkUps(),
		checkIns(), legacy(), misplaced(), broken(), damagedContents(), unreadable(), csvShapes(), csvValues(),
		csvEncodings(), csvBad(), jsonShapes(), jsonValues(), jsonBad(), jsonSeveral(), jsonSeveralBad(), xmlShapes(),
		xmlValues(), xmlBad(), detected(), detectedWhole(), undetected(), healthShapes(), healthKeys(), healthBad(),
		cdaDocuments(), fhirDocuments(), otherDocuments(), badDocuments(), xlsxShapes(), xlsxValues(), xlsxIdentities(),
		xlsxBad(), layouts(), bookLayouts(), pages(), badPages(), packedValues())
}

// Visits is a GIAMDINHHS file of the given HOSO elements.
func Visits(hosos ...string) string {
	return wrap(fmt.Sprint(len(hosos)), strings.Join(hosos, "\n"), "<CHUKYDONVI/>")
}

func wrap(count, list, signature string) string {
	return `<?xml version="1.0" encoding="utf-8"?>` +
		"\n<GIAMDINHHS><THONGTINDONVI><MACSKCB>99001</MACSKCB></THONGTINDONVI>" +
		"<THONGTINHOSO><NGAYLAP>20261121</NGAYLAP><SOLUONGHOSO>" + count + "</SOLUONGHOSO>\n<DANHSACHHOSO>" + list +
		"</DANHSACHHOSO></THONGTINHOSO>\n" + signature + "</GIAMDINHHS>\n"
}

// HoSo is a HOSO element of the given FILEHOSO elements.
func HoSo(files ...string) string { return "<HOSO>" + strings.Join(files, "") + "</HOSO>" }

// Doc is a FILEHOSO with content in base64.
func Doc(typ, content string) string { return raw(typ, b64(content)) }

func raw(typ, content string) string {
	return "<FILEHOSO><LOAIHOSO>" + typ + "</LOAIHOSO><NOIDUNGFILE>" + content + "</NOIDUNGFILE></FILEHOSO>"
}

// Summary is an XML1 of QĐ 4750.
func Summary(maLK string) string {
	return "<TONG_HOP><MA_LK>" + maLK +
		"</MA_LK><STT>1</STT><HO_TEN>NGUYỄN THỊ MẪU</HO_TEN><SO_CCCD>000199000001</SO_CCCD>" +
		"<NHOM_MAU></NHOM_MAU><MA_BENH_CHINH>J00</MA_BENH_CHINH><MA_CSKCB>99002</MA_CSKCB></TONG_HOP>"
}

// Drugs is an XML2 with a row for each of the given MA_LK.
func Drugs(maLK ...string) string {
	rows := ""
	for i, lk := range maLK {
		rows += fmt.Sprintf("<CHI_TIET_THUOC><MA_LK>%s</MA_LK><STT>%d</STT><TEN_THUOC>Paracetamol</TEN_THUOC>"+
			"</CHI_TIET_THUOC>\n", lk, i+1)
	}
	return "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC>" + rows + "</DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>"
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// lines breaks text every n bytes.
func lines(text, eol string, n int) string {
	var out []string
	for part := range slices.Chunk([]byte(text), n) {
		out = append(out, string(part))
	}
	return strings.Join(out, eol)
}

func utf16le(s string) string { return encode16(s, binary.LittleEndian) }
func utf16be(s string) string { return encode16(s, binary.BigEndian) }

func encode16(s string, order binary.AppendByteOrder) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

func his() export.Settings {
	return export.Settings{Station: "99001", System: "HIS", Kind: "visit", Format: export.GiamDinhHS}
}

// one is a file with a single visit L1 of XML1 and XML2, or what else is wanted.
func one(name, file string, want ...string) Case {
	if len(want) == 0 {
		want = []string{"visit 99002/L1 @99002 XML1 XML2 4750"}
	}
	return Case{Name: name, Settings: his(), File: file, Want: want}
}

func both() string { return HoSo(Doc("XML1", Summary("L1")), Doc("XML2", Drugs("L1"))) }

func whole(code string) export.FormatError { return export.FormatError{Code: code} }

func inLine(code string, line int) export.FormatError {
	return export.FormatError{Code: code, Line: line, Offset: 1}
}

func inRow(code string, row, line int) export.FormatError {
	return export.FormatError{Code: code, Row: row, Line: line, Offset: 1}
}
