package wire_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"

	"tramsync/sync/wire"
)

const codecLimit = 1 << 20

func newCodec(t testing.TB) *wire.Codec {
	t.Helper()
	c, err := wire.NewCodec(codecLimit)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCodecGoesThereAndBack(t *testing.T) {
	c := newCodec(t)
	text := bytes.Repeat([]byte("<MA_LK>V1</MA_LK>"), 1000)
	for name, body := range map[string][]byte{
		"nothing": {}, "a byte": {'['}, "text": text, "as much as may be": make([]byte, codecLimit),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.Decompress(c.Compress(body))
			if err != nil || !bytes.Equal(got, body) {
				t.Errorf("%d bytes came back as %d, %v", len(body), len(got), err)
			}
		})
	}
	if packed := c.Compress(text); len(packed) > len(text)/50 {
		t.Errorf("%d bytes take %d", len(text), len(packed))
	}
}

// bomb is 256 MiB of zeros in one frame that doesn't say so.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 256 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecompressRefusesBombs(t *testing.T) {
	c := newCodec(t)
	half := c.Compress(make([]byte, codecLimit/2+1))
	tests := map[string][]byte{
		"256 MiB in one frame":             bomb(t),
		"a byte too many":                  c.Compress(make([]byte, codecLimit+1)),
		"too much in two frames":           slices.Concat(half, half),
		"a bomb behind a good frame":       slices.Concat(c.Compress([]byte("[]")), bomb(t)),
		"a frame that only says it's huge": fromHex(t, "28b52ffde000000000ff00000001000000"),
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got, err := c.Decompress(body)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, wire.ErrTooLarge) || got != nil {
				t.Errorf("Decompress = %d bytes, %v", len(got), err)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 16*codecLimit {
				t.Errorf("took %d bytes of memory", n)
			}
		})
	}
}

func fromHex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecompressRefusesGarbageAndGoesOn(t *testing.T) {
	c := newCodec(t)
	good := c.Compress([]byte(`[{"id":"a"}]`))
	flipped := bytes.Clone(good)
	flipped[len(flipped)-1] ^= 1
	for name, body := range map[string][]byte{
		"JSON": []byte(`[{"id":"a"}]`), "half a frame": good[:len(good)/2], "a wrong checksum": flipped,
		"garbage behind": append(bytes.Clone(good), "garbage"...),
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := c.Decompress(body); err == nil || errors.Is(err, wire.ErrTooLarge) || got != nil {
				t.Errorf("Decompress = %q, %v", got, err)
			}
			if got, err := c.Decompress(good); err != nil || string(got) != `[{"id":"a"}]` {
				t.Errorf("a good body afterwards: %q, %v", got, err)
			}
		})
	}
}

func TestNewCodecRefusesALimitThatIsNone(t *testing.T) {
	for _, limit := range []int{0, -1} {
		if c, err := wire.NewCodec(limit); err == nil {
			t.Errorf("NewCodec(%d) = %v", limit, c)
		}
	}
}
