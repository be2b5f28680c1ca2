package wire_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"tramsync/sync/wire"
)

func utf16Bytes(s string, order binary.AppendByteOrder) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

func TestSniffUTF16(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"one byte", "\xff", ""},
		{"UTF-8", "<a/>", ""},
		{"UTF-8 with a mark", "\ufeff<a/>", ""},
		{"two zero bytes", "\x00\x00", ""},
		{"little endian with a mark", "\xff\xfe<\x00", wire.UTF16LE},
		{"big endian with a mark", "\xfe\xff\x00<", wire.UTF16BE},
		{"little endian without", "<\x00a\x00", wire.UTF16LE},
		{"big endian without", "\x00<\x00a", wire.UTF16BE},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := wire.SniffUTF16([]byte(tt.text)); got != tt.want {
				t.Errorf("SniffUTF16 = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCleanXML(t *testing.T) {
	const text = "<a>Nguyễn Thử</a>"
	tests := []struct {
		name string
		in   []byte
		want string
	}{
		{"nothing to do", []byte(text), text},
		{"a mark before it", []byte("\ufeff" + text), text},
		{"marks inside names", []byte("<\ufeffa>Nguyễn Thử</\ufeffa>"), text},
		{"control characters", []byte("<a>\x00x\x0b\x1fy</a>"), "<a> x  y</a>"},
		{"white space stays", []byte("<a>\t\r\n</a>"), "<a>\t\r\n</a>"},
		{"UTF-16LE", utf16Bytes("\ufeff"+text, binary.LittleEndian), text},
		{"UTF-16BE without a mark", utf16Bytes(text, binary.BigEndian), text},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := bytes.Clone(tt.in)
			if got := wire.CleanXML(tt.in); string(got) != tt.want {
				t.Errorf("CleanXML = %q, want %q", got, tt.want)
			}
			if !bytes.Equal(tt.in, before) {
				t.Error("the document itself was changed")
			}
		})
	}
}

func TestDecodeUTF16KeepsTheMark(t *testing.T) {
	for enc, order := range map[string]binary.AppendByteOrder{
		wire.UTF16LE: binary.LittleEndian, wire.UTF16BE: binary.BigEndian,
	} {
		got, err := wire.DecodeUTF16(utf16Bytes("\ufeff<ễ>𝄞", order), enc)
		if err != nil || string(got) != "\ufeff<ễ>𝄞" {
			t.Errorf("%s: %q, %v", enc, got, err)
		}
	}
}

func TestValidUTF8NamesTheFirstBadByte(t *testing.T) {
	tests := []struct {
		text string
		want int
	}{
		{"", -1}, {"Nguyễn", -1}, {"\ufffd", -1}, {"\xff", 0}, {"Nguy\xe1n", 4}, {"ễ\xe1\xbb", 3}, {"a\xed\xa0\x80", 1},
	}
	for _, tt := range tests {
		if got := wire.ValidUTF8([]byte(tt.text)); got != tt.want {
			t.Errorf("ValidUTF8(%q) = %d, want %d", tt.text, got, tt.want)
		}
	}
}

func TestFaultsOfTheDiskStayWhatTheyAre(t *testing.T) {
	broken := errors.New("the disk is gone")
	in := wire.NewXMLScanner(io.MultiReader(strings.NewReader("<a>"), iotest.ErrReader(broken)), 1<<10)
	var err error
	for err == nil {
		_, err = in.Next()
	}
	var se *wire.SyntaxError
	if !errors.Is(err, broken) || errors.As(err, &se) {
		t.Errorf("Next = %v", err)
	}
}

func TestSyntaxErrorsNameThePlace(t *testing.T) {
	e := &wire.SyntaxError{Code: wire.SyntaxEntity, Offset: 17, Line: 3}
	if got := e.Error(); got != "line 3, byte 17: xml-entity" {
		t.Errorf("Error = %q", got)
	}
}
