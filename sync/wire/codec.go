package wire

import (
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// ContentEncoding is how batches are compressed on the way (RFC 8878).
const ContentEncoding = "zstd"

// ErrTooLarge says that a body decompresses to more than its limit.
var ErrTooLarge = errors.New("body is larger than its limit")

// Codec compresses and decompresses batches. It is not safe for concurrent use.
type Codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// NewCodec makes a codec whose Decompress refuses more than limit bytes.
func NewCodec(limit int) (*Codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true),
		zstd.WithWindowSize(1<<20), zstd.WithEncoderLevel(zstd.SpeedBetterCompression))
	if err != nil {
		return nil, fmt.Errorf("make zstd encoder: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(uint64(limit)))
	if err != nil {
		return nil, fmt.Errorf("make zstd decoder: %w", err)
	}
	return &Codec{enc: enc, dec: dec}, nil
}

// Compress returns body as one zstd frame.
func (c *Codec) Compress(body []byte) []byte { return c.enc.EncodeAll(body, nil) }

// Decompress undoes Compress. A body over the limit gives ErrTooLarge before it is laid out in memory.
func (c *Codec) Decompress(body []byte) ([]byte, error) {
	out, err := c.dec.DecodeAll(body, nil)
	if errors.Is(err, zstd.ErrDecoderSizeExceeded) || errors.Is(err, zstd.ErrWindowSizeExceeded) {
		return nil, ErrTooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	return out, nil
}
