package export

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

// isRow tells an object that is a row from one that holds a list of them, or an error message: it has the key's
// columns or, in a feed without a key, any that is configured. One with a list must have the whole key: a facility's
// code stands beside lists too. Where several objects follow each other, those without a list are rows anyway.
func (m *mapping) isRow(object json.RawMessage, several bool) bool {
	names, values, ok := members(object)
	if !ok || m.settings.Records != "" {
		return false
	}
	list := false
	for i, name := range names {
		list = list || strings.EqualFold(name, "data") && values[i][0] == '['
	}
	header := m.canonical(names)
	isColumn := func(c Column) bool { return slices.Contains(header, c.Name) }
	switch {
	case len(m.settings.Key) > 0 && list:
		return m.missingKey(header) == ""
	case list:
		return false
	case several:
		return true
	case len(m.settings.Key) > 0:
		return m.hasKey(header)
	}
	return slices.ContainsFunc(m.settings.Columns, isColumn)
}

// record reads one object in the order of its members: strings as they are, other values as they are written, null as
// nothing. An object without members, or with a running number alone, gives none.
func (j *jsonFile) record(raw json.RawMessage) (*Record, error) {
	if len(raw) > maxRow {
		return nil, j.rowFault(raw, "row-size")
	}
	if !utf8.Valid(raw) {
		return nil, j.rowFault(raw, "encoding")
	}
	names, values, ok := members(raw)
	if !ok {
		return nil, j.rowFault(raw, "row-object")
	}
	if len(names) == 0 {
		return nil, nil
	}
	header := j.mapping.header(names)
	if !j.mapping.hasKey(header) {
		err := j.rowFault(raw, "column")
		err.Field = j.mapping.settings.Key[0]
		return nil, err
	}
	row := make(map[string]string, len(names))
	for i, name := range header {
		if isTooDeep(values[i]) {
			return nil, j.rowFault(raw, "json-limit")
		}
		put(row, name, scalar(values[i]))
	}
	if len(row) == 0 {
		return nil, nil
	}
	return j.mapping.record(row, wire.Origin{Index: j.index}), nil
}

// isTooDeep tells objects and arrays in one another beyond all use.
func isTooDeep(value json.RawMessage) bool {
	if value[0] != '{' && value[0] != '[' {
		return false
	}
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.UseNumber()
	for depth := 0; ; {
		tok, err := dec.Token()
		if err != nil {
			return false
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth > maxDepth {
			return true
		}
	}
}

// members takes a well-formed object apart.
func members(raw json.RawMessage) (names []string, values []json.RawMessage, ok bool) {
	at := skipSpace(raw, 0)
	if at == len(raw) || raw[at] != '{' {
		return nil, nil, false
	}
	for at = skipSpace(raw, at+1); at < len(raw) && raw[at] == '"'; at = skipSpace(raw, at) {
		end := valueEnd(raw, at)
		names = append(names, scalar(raw[at:end]))
		at = skipSpace(raw, skipSpace(raw, end)+1) // the colon
		end = valueEnd(raw, at)
		values = append(values, raw[at:end])
		if at = skipSpace(raw, end); at < len(raw) && raw[at] == ',' {
			at++
		}
	}
	return names, values, true
}

func skipSpace(raw []byte, at int) int {
	for at < len(raw) && strings.IndexByte(" \t\r\n", raw[at]) >= 0 {
		at++
	}
	return at
}

// valueEnd is where the value that begins at an offset ends.
func valueEnd(raw []byte, at int) int {
	for depth := 0; at < len(raw); at++ {
		switch raw[at] {
		case '"':
			for at++; at < len(raw) && raw[at] != '"'; at++ {
				if raw[at] == '\\' {
					at++
				}
			}
			if depth == 0 {
				return min(at+1, len(raw))
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return at + depth + 1 // behind its own bracket, before that of what it stands in
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return at
			}
		}
	}
	return len(raw)
}

func scalar(value json.RawMessage) string {
	var s string
	switch {
	case bytes.Equal(value, []byte("null")):
		return ""
	case value[0] == '"' && bytes.IndexByte(value, '\\') < 0:
		return string(value[1 : len(value)-1])
	case value[0] == '"' && json.Unmarshal(value, &s) == nil:
		return s
	case value[0] != '{' && value[0] != '[':
		return string(value)
	}
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return string(value)
	}
	return b.String()
}
