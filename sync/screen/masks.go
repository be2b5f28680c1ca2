package screen

import (
	"slices"
	"strings"
	"sync"

	"tramsync/sync/wire"
)

const (
	maxRules    = 64   // of one document; bits of a word of a mask
	maxMasks    = 8192 // beyond, names are looked up anew each time: hostile exports can't fill memory
	maxMaskName = 256  // bytes; nor can longer names
)

// mask is a set of rules: rule i is bit i%64 of word i/64. It has room for those of two documents.
type mask [2 * maxRules / 64]uint64

func (m *mask) add(i int) { m[i/64] |= 1 << (i % 64) }

// before leaves only the rules before i.
func (m *mask) before(i int) {
	m[i/64] &= 1<<(i%64) - 1
	clear(m[i/64+1:])
}

// recordName is an element's name as it is written, with its table's.
type recordName struct{ table, element string }

// masks remembers which rules look at a field, by its name: names are few and come again with each record.
type masks struct {
	mu    sync.RWMutex
	known map[recordName]map[string]mask
	size  int // names in all
}

func (m *masks) load(record recordName, name string) (looking mask, ok bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	looking, ok = m.known[record][name]
	return looking, ok
}

func (m *masks) store(record recordName, name string, looking mask) {
	if len(record.table)+len(record.element)+len(name) > maxMaskName {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.size >= maxMasks {
		return
	}
	if m.known == nil {
		m.known = make(map[recordName]map[string]mask)
	}
	names := m.known[record]
	if names == nil {
		names = make(map[string]mask)
		// Cloned, here and below: the names may be parts of a whole document.
		m.known[recordName{strings.Clone(record.table), strings.Clone(record.element)}] = names
	}
	if _, ok := names[name]; !ok {
		names[strings.Clone(name)] = looking
		m.size++
	}
}

// mask says which rules look at a field.
func (r *Rules) mask(record recordName, name string) mask {
	if looking, ok := r.masks.load(record, name); ok {
		return looking
	}
	folded := foldNames(record, name)
	var looking mask
	looked := map[*patterns]bool{} // several rules share a group of fields
	for i := range r.rules {
		ru := &r.rules[i]
		looks, ok := looked[ru.fields]
		switch {
		case ru.table != "":
			looks = slices.Contains(folded.tables, ru.table)
		case !ok:
			looks = ru.fields.match(&folded)
			looked[ru.fields] = looks
		}
		if looks {
			looking.add(i)
		}
	}
	r.masks.store(record, name, looking)
	return looking
}

// names are a field's, folded. tables has the name of its document, and of the table it belongs to if that is another.
type names struct {
	tables         []string
	element, field string
}

func foldNames(record recordName, name string) names {
	n := names{tables: []string{foldName(record.table)}, element: foldName(record.element), field: foldName(name)}
	if other := wire.TableOf(record.element); other != "" && other != n.tables[0] {
		n.tables = append(n.tables, other)
	}
	return n
}
