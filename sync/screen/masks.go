package screen

import (
	"strings"
	"sync"
)

const (
	maxRules    = 64   // bits of a mask
	maxMasks    = 8192 // beyond, names are looked up anew each time: hostile exports can't fill memory
	maxMaskName = 256  // bytes; nor can longer names
)

// column is a field's name as it is written, with its table's.
type column struct{ table, name string }

// masks remembers which rules look at a field, by its name: names are few and come again with each record.
type masks struct {
	mu    sync.RWMutex
	known map[column]uint64
}

func (m *masks) load(c column) (uint64, bool) {
	m.mu.RLock()
	mask, ok := m.known[c]
	m.mu.RUnlock()
	return mask, ok
}

func (m *masks) store(c column, mask uint64) {
	if len(c.table)+len(c.name) > maxMaskName {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= maxMasks {
		return
	}
	if m.known == nil {
		m.known = make(map[column]uint64)
	}
	// Cloned: the names may be parts of a whole document.
	m.known[column{strings.Clone(c.table), strings.Clone(c.name)}] = mask
}

// mask says which rules look at a field: bit i is rule i.
func (r *Rules) mask(table, name string) uint64 {
	c := column{table, name}
	if mask, ok := r.masks.load(c); ok {
		return mask
	}
	folded := foldName(table) + "." + foldName(name)
	var mask uint64
	for i := range r.rules {
		if r.rules[i].fields == nil || r.rules[i].fields.MatchString(folded) {
			mask |= 1 << i
		}
	}
	r.masks.store(c, mask)
	return mask
}
