package screen

import (
	"slices"
	"strings"
	"sync"

	"tramsync/sync/wire"
)

const (
	maxRules    = 64   // bits of a mask
	maxMasks    = 8192 // beyond, names are looked up anew each time: hostile exports can't fill memory
	maxMaskName = 256  // bytes; nor can longer names
)

// recordName is an element's name as it is written, with its table's.
type recordName struct{ table, element string }

// masks remembers which rules look at a field, by its name: names are few and come again with each record.
type masks struct {
	mu    sync.RWMutex
	known map[recordName]map[string]uint64
	size  int // names in all
}

func (m *masks) store(record recordName, name string, mask uint64) {
	if len(record.table)+len(record.element)+len(name) > maxMaskName {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.size >= maxMasks {
		return
	}
	if m.known == nil {
		m.known = make(map[recordName]map[string]uint64)
	}
	names := m.known[record]
	if names == nil {
		names = make(map[string]uint64)
		// Cloned, here and below: the names may be parts of a whole document.
		m.known[recordName{strings.Clone(record.table), strings.Clone(record.element)}] = names
	}
	if _, ok := names[name]; !ok {
		names[strings.Clone(name)] = mask
		m.size++
	}
}

// mask says which rules look at a field: bit i is rule i. A record that stands in a document of another table's name
// is looked at under both names.
func (r *Rules) mask(record recordName, name string) uint64 {
	element, field := foldName(record.element), foldName(name)
	tables := []string{foldName(record.table)}
	if other := wire.TableOf(record.element); other != "" && other != tables[0] {
		tables = append(tables, other)
	}
	var mask uint64
	for i := range r.rules {
		if slices.ContainsFunc(tables, func(table string) bool { return r.rules[i].looksAt(table, element, field) }) {
			mask |= 1 << i
		}
	}
	r.masks.store(record, name, mask)
	return mask
}
