package timeline

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/zeebo/xxh3"
)

// manifestName is the file that says which files count; it is replaced whole. Its first line is the checksum of the rest.
const manifestName = "MANIFEST"

// manifest is everything about a store that is not in its other files.
type manifest struct {
	Format   int
	Currency string
	Position uint64 // of the log, up to which everything is in the files
	Number   int    // of the newest file
	People   string
	Names    []string
	Channels []string
	Columns  []Column
	Runs     []manifestRun
}

// manifestRun is a range of log positions and the file that has its events; none if there are no events.
type manifestRun struct {
	From, To uint64
	File     string         `json:",omitempty"`
	Size     int64          `json:",omitempty"`
	Columns  map[int]string `json:",omitempty"`
}

func readManifest(dir string) (m manifest, err error) {
	b, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return m, err
	}
	sum, rest, _ := strings.Cut(string(b), "\n")
	if sum != checksum(rest) {
		return m, errDamaged
	}
	if err := json.Unmarshal([]byte(rest), &m); err != nil {
		return m, errors.Join(errDamaged, err)
	}
	return m, nil
}

func checksum(s string) string {
	sum := xxh3.HashString128(s).Bytes()
	return hex.EncodeToString(sum[:])
}

func (m *manifest) write(dir string) error {
	b, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, manifestName+".tmp"), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(checksum(string(b)) + "\n" + string(b))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	// The files that it names have to be there before it is.
	if err := syncDir(dir); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, manifestName)); err != nil {
		return err
	}
	return syncDir(dir)
}

// files are the names of all files that count.
func (m *manifest) files() map[string]bool {
	all := map[string]bool{manifestName: true, m.People: true}
	for _, r := range m.Runs {
		all[r.File] = true
		for name := range maps.Values(r.Columns) {
			all[name] = true
		}
	}
	return all
}

// sweep removes what the manifest does not name: left behind by a crash, or dropped.
func (m *manifest) sweep(dir string) error {
	keep := m.files()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !keep[e.Name()] && !e.IsDir() {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("tidy the timeline: %w", err)
			}
		}
	}
	return nil
}

// Sections of the file of people.
const (
	secPersons     = 2 // by node: its person
	secErasedNodes = 3
	secErasedAt    = 4
)

// peopleSnapshot is whose the nodes were at a log position.
type peopleSnapshot struct {
	of     []uint32
	erased erasures
}

func (p *peopleSnapshot) write(dir, name string) error {
	f, err := createFile(filepath.Join(dir, name), kindPeople)
	if err != nil {
		return err
	}
	nodes, at := make([]uint32, 0, len(p.erased.at)), make([]uint64, 0, len(p.erased.at))
	for node, n := range p.erased.at {
		nodes, at = append(nodes, node), append(at, n)
	}
	f.put(secMeta, raw([]uint64{p.erased.last}))
	f.put(secPersons, raw(p.of))
	f.put(secErasedNodes, raw(nodes))
	f.put(secErasedAt, raw(at))
	return f.finish()
}

func readPeople(dir, name string) (p peopleSnapshot, err error) {
	f, err := openFile(filepath.Join(dir, name), kindPeople)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	if err := f.check(); err != nil {
		return p, err
	}
	meta, err := view[uint64](f, secMeta)
	if err != nil || len(meta) != 1 {
		return p, errDamaged
	}
	of, err1 := view[uint32](f, secPersons)
	nodes, err2 := view[uint32](f, secErasedNodes)
	at, err3 := view[uint64](f, secErasedAt)
	if errors.Join(err1, err2, err3) != nil || len(nodes) != len(at) {
		return p, errDamaged
	}
	p.of = append(make([]uint32, 0, len(of)+len(of)/8), of...)
	for i, node := range nodes {
		p.erased.last = at[i]
		p.erased.erase(node)
	}
	p.erased.last = meta[0]
	return p, nil
}
