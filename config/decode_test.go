package config_test

import (
	"strings"
	"testing"
)

// change is a replacement in a valid document and the faults it must lead to; none: it stays valid.
type change struct {
	name, old, new string
	want           []string
}

func testChanges(t *testing.T, doc string, changes []change) {
	t.Helper()
	for _, tt := range changes {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(doc, tt.old) {
				t.Fatalf("%q is not in the document", tt.old)
			}
			_, err := parseLinux(t, strings.Replace(doc, tt.old, tt.new, 1))
			if len(tt.want) == 0 {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			wantFaults(t, err, tt.want...)
		})
	}
}

func TestParse_Schema(t *testing.T) {
	testChanges(t, short, []change{
		{"a newer one is refused, and nothing else is said", "schema: 1\n", "schema: 2\nnew: {field: 1}\n",
			[]string{"line 1: schema: is version 2, this program reads version 1 (update tramsync first)"}},
		{"zero is refused", "schema: 1", "schema: 0", []string{"line 1: schema: must be the number 1"}},
		{"text is refused", "schema: 1", `schema: "1"`, []string{"line 1: schema: must be the number 1"}},
		{"a list is refused", "schema: 1", "schema: [1]", []string{"line 1: schema: must be the number 1"}},
	})
}

func TestParse_Station(t *testing.T) {
	const codes = `{codes: ["99001", "8931234567890"]}`
	const form = "must be a facility code of 5 digits or a GLN of 13 digits beginning with 893"
	testChanges(t, short, []change{
		{"four digits are refused", codes, `{code: "9900"}`, []string{"line 2: station.code: " + form}},
		{"a GLN of another country is refused", codes, `{code: "4001234567890"}`,
			[]string{"line 2: station.code: " + form}},
		{"digits of other scripts are refused", codes, `{code: "９９００１"}`,
			[]string{"line 2: station.code: " + form}},
		{"an unquoted code must be quoted", codes, `{codes: [01234]}`,
			[]string{"line 2: station.codes[0]: must be text " +
				`(put it in quotes: without them leading zeros get lost)`}},
		{"code and codes exclude each other", codes, `{code: "99001", codes: ["99002"]}`,
			[]string{"line 2: station.codes: must not stand beside code (list all codes here and remove code)"}},
		{"none is refused", codes, `{name: X}`, []string{"line 2: station.code: is missing"}},
		{"an empty list is refused", codes, `{codes: []}`,
			[]string{"line 2: station.codes: must have 1 to 32 items, has 0"}},
		{"a code twice is refused", codes, `{codes: ["99001", "99001"]}`,
			[]string{"line 2: station.codes[1]: occurs twice in this list"}},
		{"33 codes are refused", codes, `{codes: [` + strings.Repeat("a,", 33) + `]}`,
			[]string{"line 2: station.codes: must have 1 to 32 items, has 33"}},
		{"a list is not a mapping", codes, `["99001"]`, []string{"line 2: station: must be a mapping of fields"}},
		{"null is refused", codes, "", []string{"line 2: station: is empty (give it a value or remove it)"}},
		{"an empty name is refused", codes, `{code: "99001", name: ""}`,
			[]string{"line 2: station.name: is empty (give it a value or remove it)"}},
		{"a name of 200 characters is accepted", codes,
			`{code: "99001", name: ` + strings.Repeat("ạ", 200) + `}`, nil},
		{"a name of 201 is refused", codes, `{code: "99001", name: ` + strings.Repeat("ạ", 201) + `}`,
			[]string{"line 2: station.name: is longer than 200 characters"}},
		{"spaces around a name are refused", codes, `{code: "99001", name: " x"}`,
			[]string{"line 2: station.name: has white space at its ends"}},
		{"a line break in a name is refused", codes, `{code: "99001", name: "x\ny"}`,
			[]string{"line 2: station.name: has characters that cannot be printed " +
				"(within double quotes a backslash is an escape; write paths in single quotes)"}},
		{"a foreign tag is refused", codes, `{code: "99001", name: !name x}`,
			[]string{"line 2: station.name: must be text " +
				`(put it in quotes: without them leading zeros get lost)`}},
		{"a foreign tag on a mapping is refused", codes, "!station " + codes,
			[]string{"line 2: station: must be a mapping of fields"}},
		{"a mapping is not text", codes, `{code: {a: b}}`, []string{"line 2: station.code: must be text"}},
	})
}

func TestParse_Warehouse(t *testing.T) {
	const url = `"https://kho.tinh.example"`
	const at = "line 3: warehouse.url: "
	testChanges(t, short, []change{
		{"plain http is refused", url, "http://kho.example",
			[]string{at + "must begin with https:// (patient data is only sent encrypted)"}},
		{"no host is refused", url, `"https://:8440"`,
			[]string{at + "must name a host (like https://kho.tinh.example:8440)"}},
		{"an opaque address is refused", url, `"https:kho.example"`,
			[]string{at + "must name a host (like https://kho.tinh.example:8440)"}},
		{"a password is refused", url, `"https://u:p@kho.example"`,
			[]string{at + "must not hold a user or password (the agent's own certificate is its credential)"}},
		{"a query is refused", url, `"https://kho.example?a=b"`,
			[]string{at + "must not have a query or fragment (remove what begins with ? or #)"}},
		{"an empty query is refused", url, `"https://kho.example?"`,
			[]string{at + "must not have a query or fragment (remove what begins with ? or #)"}},
		{"an empty fragment is refused", url, `"https://kho.example#"`,
			[]string{at + "must not have a query or fragment (remove what begins with ? or #)"}},
		{"port 0 is refused", url, `"https://kho.example:0"`, []string{at + "must have a port from 1 to 65535"}},
		{"port 65536 is refused", url, `"https://kho.example:65536"`,
			[]string{at + "must have a port from 1 to 65535"}},
		{"an address that cannot be parsed is refused", url, `"https://[::1"`,
			[]string{at + "is not a URL (like https://kho.tinh.example:8440)"}},
		{"an IPv6 host is accepted", url, `"https://[fd00::1]:8440"`, nil},
		{"no address is refused", "{url: " + url + "}", "{profile: tramsync}",
			[]string{"line 3: warehouse.url: is missing"}},
		{"another profile is refused", url, url + ", profile: kdlyt",
			[]string{"line 3: warehouse.profile: must be one of: tramsync"}},
	})
}

func TestParse_Limits(t *testing.T) {
	const whole = "line 5: limits.queue: must be a whole number with MiB or GiB (like 1GiB)"
	const bounds = "line 5: limits.queue: must be from 16MiB to 64GiB"
	set := func(v string) string { return "limits: {" + v + "}\n" }
	doc := short + set("")
	testChanges(t, doc, []change{
		{"no limit is the default", set(""), set(""), nil},
		{"the smallest is accepted", set(""), set("queue: 16MiB"), nil},
		{"the largest is accepted", set(""), set("queue: 64GiB"), nil},
		{"less is refused", set(""), set("queue: 15MiB"), []string{bounds}},
		{"more is refused", set(""), set("queue: 65537MiB"), []string{bounds}},
		{"a huge number is refused", set(""), set("queue: 9999999999999999999GiB"), []string{whole}},
		{"a fraction is refused", set(""), set("queue: 1.5GiB"), []string{whole}},
		{"a number without unit is refused", set(""), set("queue: 1073741824"),
			[]string{"line 5: limits.queue: must be text " +
				`(put it in quotes: without them leading zeros get lost)`}},
		{"bandwidth is of a later version", set(""), set("bandwidth: 0"),
			[]string{"line 5: limits.bandwidth: is not a known field (known here: queue)"}},
	})
}

func TestParse_Exclusion(t *testing.T) {
	const old = "warehouse: {url"
	const key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
	set := func(v string) string { return "exclusion: {" + v + "}\n" + old }
	testChanges(t, short, []change{
		{"rules and the key they are signed with", old, set("rules: /etc/loai-tru.yaml, key: " + key), nil},
		{"rules without a key are refused", old, set("rules: /etc/loai-tru.yaml"),
			[]string{"line 3: exclusion.key: is missing"}},
		{"a key without rules is refused", old, set("key: " + key), []string{"line 3: exclusion.rules: is missing"}},
		{"a relative path is refused", old, set("rules: loai-tru.yaml, key: " + key),
			[]string{"line 3: exclusion.rules: must be an absolute path (begin with /)"}},
		{"a shorter key is refused", old, set("rules: /etc/loai-tru.yaml, key: RWQf6LRC"), []string{
			"line 3: exclusion.key: must be a minisign public key: 56 characters that begin with RW"}},
	})
}
