package screen_test

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestTextThatIsFound(t *testing.T) {
	rules := builtin(t)
	for name, s := range map[string]string{
		"as written": "Nghiện ma túy", "the tone on the other letter": "nghiện ma tuý", "capitals": "NGHIỆN MA TÚY",
		"without marks": "nghien ma tuy", "capitals without marks": "NGHIEN MA TUY", "mixed": "nghiện ma tuy",
		"decomposed": norm.NFD.String("Nghiện ma túy"), "decomposed, other tone": norm.NFD.String("nghiện ma tuý"),
		"marks in another order": "nghie\u0302\u0323n ma tu\u0301y",
		"zero-width joiners":     "ma\u200b m\u200dại d\u00adâm", "a byte order mark": "H\ufeffIV",
		"no-break spaces": "nghiện\u00a0ma\u00a0túy", "full width": "ＨＩＶ", "line ends": "mại\r\ndâm",
		"punctuation": "(HIV)", "a hyphen": "anti-HIV", "underscores": "XN_HIV_1", "a number behind": "HIV1",
		"dots between": "nghi H.I.V", "a list": "tiêm chích ma túy,rượu", "in a sentence": "có hành vi bán dâm từ 2020",
		"heroin": "dùng Heroin", "use": "sử dụng ma túy", "injecting": "nghiện chích", "prostitution": "mai dam",
	} {
		t.Run(name, func(t *testing.T) {
			if got := verdict(t, rules, "visit", "XML1.GHI_CHU="+s); got != "drop TXT" {
				t.Errorf("%q: %q", s, got)
			}
		})
	}
}

func TestTextThatOnlyLooksLikeIt(t *testing.T) {
	rules := builtin(t)
	for name, s := range map[string]string{
		"research": "nghiên cứu ma túy", "leaning": "nghiêng", "grinding": "nghiền chích",
		"research, no marks": "nghien cuu", "Z88": "Tiền sử cá nhân dị ứng với ma túy, thuốc và các chất sinh học",
		"J66.2": "Bệnh đường hô hấp do ma túy", "F10.2": "Rối loạn tâm thần và hành vi do rượu: hội chứng nghiện",
		"F17.2": "hội chứng nghiện thuốc lá", "a dark rash": "ban đậm màu", "a dark rash, capitals": "BAN ĐẬM",
		"bold friends": "bạn dám", "a table blow": "bàn đấm", "although": "mà tuy", "a name": "Mai Đam",
		"hives": "hives", "a longer word": "hiva aidsx", "only half of it": "nghiện rượu",
		"the words apart": "nghiện thuốc, ma túy", "T_NGOAIDS in a text": "T_NGOAIDS 0",
		"the words swapped": "ma túy nghiện", "numbers": "20261121 1.500,00", "nothing but marks": "\u0301\u0323",
		"bytes that are no text": "a\xffb",
	} {
		t.Run(name, func(t *testing.T) {
			if got := verdict(t, rules, "truyen_thong", "Ghi chú="+s); got != "" {
				t.Errorf("%q: %q", s, got)
			}
		})
	}
}

func TestWordsSplitOverFieldsAreNoPhrase(t *testing.T) {
	rules := builtin(t)
	if got := verdict(t, rules, "visit", "XML1.LY_DO_VV=nghiện ma", "XML1.LY_DO_VNT=túy"); got != "" {
		t.Errorf("verdict = %q", got)
	}
	if got := verdict(t, rules, "x", "A=bán", "B=dâm"); got != "" {
		t.Errorf("verdict of a row = %q", got)
	}
}

func TestPhrasesMayGoOnOnlyWithAStar(t *testing.T) {
	rules := parse(t, `{id: A, text: ["đau bung*", "sốt 39 độ"], action: drop_visit}`)
	for s, want := range map[string]string{
		"đau bung": "drop A", "đau bungxyz": "drop A", "dau bung": "", "đau bun": "", "đaux bung": "",
		"đau bùng": "drop A", "sốt 39 độ": "drop A", "sot 39 đo": "drop A", "sốt 39 độc": "", "sốt 390 độ": "",
		"sốt": "",
	} {
		if got := verdict(t, rules, "x", "A="+s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
