package export_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tramsync/agent/export"
	"tramsync/testdata/gen"
	"tramsync/testdata/zoo"
)

func TestDecode_cut_off_anywhere_is_a_fault(t *testing.T) {
	visits := zoo.Visits(zoo.HoSo(zoo.Doc("XML1", "<TONG_HOP><MA_LK>L1</MA_LK></TONG_HOP>")),
		zoo.HoSo(zoo.Doc("XML2", zoo.Drugs("L2"))))
	object := `{"code":"200","data":[{"MA":"A","LAN":1,"V":[1.5,{"a":null}]},{"MA":"B","LAN":"\u0041"}],"n":true}`
	rows := export.Settings{Format: export.JSON, Key: []string{"MA"}}
	for _, c := range []struct {
		name, file string
		settings   export.Settings
	}{
		{"two HOSO", strings.TrimSpace(visits), his()},
		{"two HOSO in UTF-16", utf16le(strings.TrimSpace(visits)), his()},
		{"a bare table", zoo.Drugs("L1", "L2"), his()},
		{"objects", object, rows},
	} {
		t.Run(c.name, func(t *testing.T) {
			mustDecode(t, c.file, c.settings)
			for n := range len(c.file) {
				list, err := decode(t, c.file[:n], c.settings)
				var fe *export.FormatError
				if !errors.As(err, &fe) {
					t.Fatalf("cut off after %d bytes: %d records, %v", n, len(list), err)
				}
				if c.settings.Format == export.GiamDinhHS && len(list) > 0 {
					t.Fatalf("cut off after %d bytes it gave %d records before it said so", n, len(list))
				}
			}
		})
	}
}

func utf16le(s string) string {
	var b strings.Builder
	for _, r := range "\ufeff" + s {
		b.Write([]byte{byte(r), byte(r >> 8)})
	}
	return b.String()
}

// source is a file that can fail, end and count.
type source struct {
	io.ReaderAt
	size int64
	seen func(from, to int64) error
}

func (s source) Size() int64 { return s.size }

func (s source) ReadAt(p []byte, off int64) (int, error) {
	if err := s.seen(off, off+int64(len(p))); err != nil {
		return 0, err
	}
	return s.ReaderAt.ReadAt(p, off)
}

func month(n int) []byte {
	src := gen.New(7)
	visits := make([]gen.Visit, n)
	for i := range visits {
		visits[i] = src.Visit(i)
	}
	return gen.File(gen.Envelope{Wrap: 64}, visits...)
}

func TestDecode_holds_one_HOSO_at_a_time(t *testing.T) {
	hosos := make([]string, 1500)
	for i := range hosos {
		lk := fmt.Sprint("L", i)
		hosos[i] = zoo.HoSo(zoo.Doc("XML1", zoo.Summary(lk)),
			zoo.Doc("XML2", zoo.Drugs(slices.Repeat([]string{lk}, i%20)...)))
	}
	file := []byte(zoo.Visits(hosos...))
	longest := int64(0)
	for part := range bytes.SplitSeq(file, []byte("</HOSO>")) {
		longest = max(longest, int64(len(part)))
	}
	records, peak, base := 0, uint64(0), heap()
	src := source{ReaderAt: bytes.NewReader(file), size: int64(len(file)), seen: func(from, to int64) error {
		if records > 0 && to-from > longest+int64(len("</HOSO>")) {
			t.Errorf("after %d records it read %d bytes at once", records, to-from)
		}
		return nil
	}}
	err := export.Decode(t.Context(), src, his(), func(r *export.Record) error {
		if r.Seal(); records%250 == 0 {
			peak = max(peak, heap())
		}
		records++
		return nil
	})
	if err != nil || records != 1500 {
		t.Fatalf("%d records, %v", records, err)
	}
	if grown := int64(peak) - int64(base); grown > int64(len(file))/8 {
		t.Errorf("of a file of %d bytes %d are in memory", len(file), grown)
	}
}

// heap is what lives on it.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestDecode_stops(t *testing.T) {
	file := month(40)
	stop := errors.New("stop")
	t.Run("when each says so", func(t *testing.T) {
		n := 0
		err := export.Decode(t.Context(), bytes.NewReader(file), his(), func(*export.Record) error {
			n++
			return stop
		})
		if !errors.Is(err, stop) || n != 1 {
			t.Errorf("%d records, %v", n, err)
		}
	})
	t.Run("with its context, in the first look too", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		reads := 0
		src := source{ReaderAt: bytes.NewReader(file), size: int64(len(file)), seen: func(int64, int64) error {
			if reads++; reads == 3 {
				cancel()
			}
			return nil
		}}
		err := export.Decode(ctx, src, his(), func(*export.Record) error { t.Error("a record"); return nil })
		if !errors.Is(err, context.Canceled) || reads > 4 {
			t.Errorf("Decode = %v after %d reads", err, reads)
		}
	})
	t.Run("with its context between records", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		err := export.Decode(ctx, bytes.NewReader(file), his(), func(*export.Record) error {
			n++
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) || n != 1 {
			t.Errorf("%d records, %v", n, err)
		}
	})
}

// A disk that fails is no fault of the file: it must wait, not be rejected.
func TestDecode_gives_the_disks_errors_as_they_are(t *testing.T) {
	broken := errors.New("disk")
	for _, c := range good() {
		fails := false
		for after := range 12 {
			reads := 0
			src := source{ReaderAt: strings.NewReader(c.File), size: int64(len(c.File))}
			src.seen = func(int64, int64) error {
				if reads++; reads > after {
					return broken
				}
				return nil
			}
			err := export.Decode(t.Context(), src, c.Settings, func(*export.Record) error { return nil })
			var fe *export.FormatError
			if errors.As(err, &fe) || err != nil && !errors.Is(err, broken) {
				t.Errorf("%s, read %d failed: %v", c.Name, after+1, err)
			}
			fails = fails || err != nil
		}
		if !fails {
			t.Errorf("%s: no read ever failed", c.Name)
		}
	}
}

func TestDecode_refuses_large_files(t *testing.T) {
	unread := func(int64, int64) error { t.Error("it was read"); return nil }
	refuse := func(name string, src source, want string, s export.Settings) {
		err := export.Decode(t.Context(), src, s, func(*export.Record) error { return nil })
		var fe *export.FormatError
		if !errors.As(err, &fe) || fe.Code != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	refuse("a file over the limit", source{size: export.MaxFile + 1, seen: unread}, "too-large", his())
	refuse("an empty file", source{size: 0, seen: unread}, "empty", his())
	free := func(int64, int64) error { return nil }
	large := func(head, fill string, size int64) source {
		return source{ReaderAt: endless{head: head, fill: fill}, size: size, seen: free}
	}
	refuse("UTF-16 over its limit", large("\xff\xfe", "x\x00", 65<<20), "too-large", his())
	refuse("a bare table over its limit", large("<DSACH_CHI_TIET_CLS>", "<a/>"+strings.Repeat(" ", 4092), 65<<20),
		"too-large", his())
	refuse("one text without end", large("<GIAMDINHHS><HOSO>", strings.Repeat("x", 4096), 300<<20), "too-large", his())
	refuse("a HOSO without end", large("<GIAMDINHHS><HOSO>", "<a>"+strings.Repeat("x", 4089)+"</a>", 5<<20),
		"xml-truncated", his())
	list := export.Settings{Format: export.CSV, Encoding: "utf-8"}
	refuse("one quoted value without end", large("a\n\"", strings.Repeat("x", 4096), 300<<20), "row-size", list)
	refuse("a header without end", large("a", strings.Repeat("x", 4096), 300<<20), "row-size", list)
	object := export.Settings{Format: export.JSON}
	refuse("one string without end", large(`{"a":"`, strings.Repeat("x", 4096), 300<<20), "row-size", object)
	refuse("one row without end", large(`[{"a":[`, "1,", 300<<20), "row-size", object)
}

// endless is a beginning and then always the same.
type endless struct{ head, fill string }

func (e endless) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	if off < int64(len(e.head)) {
		n = copy(p, e.head[off:])
	}
	at := int(off+int64(n)-int64(len(e.head))) % len(e.fill)
	for n < len(p) {
		n += copy(p[n:], e.fill[at:])
		at = 0
	}
	return n, nil
}

func TestDecode_refuses_a_HOSO_over_its_limit(t *testing.T) {
	file := zoo.Visits(zoo.HoSo("<a>" + strings.Repeat("x", 1<<20) + "</a>" +
		strings.Repeat("<!--"+strings.Repeat(" ", 1<<20)+"-->", 16)))
	_, err := decode(t, file, his())
	wantFault(t, err, export.FormatError{Code: "too-large", HoSo: 1, Line: 3, Offset: 1})
}

func TestDecode_unknown_format(t *testing.T) {
	_, err := decode(t, "x", export.Settings{Format: "no such format"})
	var fe *export.FormatError
	if err == nil || errors.As(err, &fe) {
		t.Errorf("Decode = %v, want an error that is no fault of the file", err)
	}
}
