package export

import (
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// tcvn3 decodes TCVN 5712:1993, in which the ABC fonts (.VnTime) hold Vietnamese. No file says that it is in TCVN3,
// hence it is read as such only when configured. Texts in capitals are mostly small letters shown in a font of capitals
// (.VnTimeH); as nothing in a list tells the font, they come out small.
type tcvn3 struct{ transform.NopResetter }

// tcvn3High are the characters of the bytes 80 to FF.
const tcvn3High = "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ" +
	"\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ" +
	"ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò" +
	"ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"

// tcvn3Low are the capitals that have taken the places of control characters.
const tcvn3Low = "\x00ÚỤ\x03ỪỬỮ\x07\x08\t\n\v\f\r\x0e\x0f\x10ỨỰỲỶỸÝỴ"

// tcvn3Table gives the character of each byte.
var tcvn3Table = func() (table [256]rune) {
	for i := range table {
		table[i] = rune(i)
	}
	for i, r := range []rune(tcvn3Low) {
		table[i] = r
	}
	for i, r := range []rune(tcvn3High) {
		table[0x80+i] = r
	}
	return table
}()

// Transform decodes bytes; every one of them is a character.
func (tcvn3) Transform(dst, src []byte, _ bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		r := tcvn3Table[src[nSrc]]
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc++
	}
	return nDst, nSrc, nil
}
