package intake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// maxSuspects bounds the list of files that are tried apart.
const maxSuspects = 16

// mark says in a small file which export is being read. It survives the process, not a power cut, and costs no sync:
// when the process dies while it reads a file, that file is a suspect at the next start. It names files by a keyed
// hash. A mark without a file keeps nothing.
type mark struct {
	file  *os.File
	state marked
	size  int // of what was written last
}

type marked struct {
	Reading  string   `json:"reading,omitempty"`
	Suspects []string `json:"suspects,omitempty"` // were being read when the process died; oldest first
}

// openMark reads what the last process left. A mark that can't be read is begun anew.
func openMark(path string) (*mark, error) {
	if path == "" {
		return &mark{}, nil
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open mark of the file being read: %w", err)
	}
	m := &mark{file: file}
	err = json.NewDecoder(io.LimitReader(file, 1<<16)).Decode(&m.state)
	if err != nil {
		m.state = marked{}
	}
	if m.state.Reading != "" {
		m.suspect(m.state.Reading)
	}
	m.state.Reading = ""
	return m, m.write()
}

func (m *mark) suspect(id string) {
	m.clear(id)
	m.state.Suspects = append(m.state.Suspects, id)
	if n := len(m.state.Suspects); n > maxSuspects {
		m.state.Suspects = m.state.Suspects[n-maxSuspects:]
	}
}

// suspected reports whether a file was being read when the process died.
func (m *mark) suspected(id string) bool { return slices.Contains(m.state.Suspects, id) }

// clear takes a file off the suspects.
func (m *mark) clear(id string) {
	m.state.Suspects = slices.DeleteFunc(m.state.Suspects, func(s string) bool { return s == id })
}

// begin and end stand around the reading of a file.
func (m *mark) begin(id string) error { m.state.Reading = id; return m.write() }
func (m *mark) end() error            { m.state.Reading = ""; return m.write() }

func (m *mark) write() error {
	if m.file == nil {
		return nil
	}
	raw, err := json.Marshal(m.state)
	if err != nil {
		return err
	}
	// What is read ends with the object: a longer one's rest behind it does no harm until it is cut off.
	if _, err := m.file.WriteAt(raw, 0); err != nil {
		return fmt.Errorf("mark the file being read: %w", err)
	}
	if len(raw) < m.size {
		err = m.file.Truncate(int64(len(raw)))
	}
	m.size = len(raw)
	if err != nil {
		return fmt.Errorf("mark the file being read: %w", err)
	}
	return nil
}

// close lets go of the file.
func (m *mark) close() error {
	if m.file == nil {
		return nil
	}
	return m.file.Close()
}

// ErrPoison is returned by Settings.Trial for a file that takes down the process that reads it, or never lets go of it.
var ErrPoison = errors.New("the file takes down the process that reads it")
