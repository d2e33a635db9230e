package timeline

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"unsafe"

	"github.com/zeebo/xxh3"
)

// Every file is sections, a table of them, and a footer; all numbers are little endian, sections begin at multiples of 64 bytes.
//
//	table entry: section u64, offset u64, length u64, XXH3 of the section u64
//	footer:      magic u64, format u32, kind u32, offset of the table u64, sections u64, XXH3 of table and footer so far u64
//
// A file is written beside its place, synced and renamed, so that it is whole or not there. A footer that does not fit the file's length
// tells a cut one, the checksums tell a changed one.
const (
	magic      = 0x454e_494c_454d_4954 // "TIMELINE"
	format     = 1
	entrySize  = 32
	footerSize = 40
	alignment  = 64

	kindRun    = 1
	kindColumn = 2
	kindPeople = 3
)

var errDamaged = errors.New("damaged")

// fileWriter writes one file; several sections may be written at once, each in order.
type fileWriter struct {
	f        *os.File
	path     string
	kind     uint32
	end      int64
	sections []*sectionWriter
}

// sectionWriter writes one section of known size.
type sectionWriter struct {
	w         *fileWriter
	id        uint64
	off, size int64
	written   int64
	buf       []byte
	hash      xxh3.Hasher
	err       error
}

func createFile(path string, kind uint32) (*fileWriter, error) {
	f, err := os.OpenFile(path+".tmp", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return &fileWriter{f: f, path: path, kind: kind}, nil
}

func (w *fileWriter) section(id uint64, size int64) *sectionWriter {
	s := &sectionWriter{w: w, id: id, off: w.end, size: size, buf: make([]byte, 0, min(size, 256<<10))}
	w.end = (w.end + size + alignment - 1) / alignment * alignment
	w.sections = append(w.sections, s)
	return s
}

// put writes a whole section.
func (w *fileWriter) put(id uint64, b []byte) {
	s := w.section(id, int64(len(b)))
	s.add(b)
}

func (s *sectionWriter) add(b []byte) {
	if len(s.buf)+len(b) <= cap(s.buf) {
		s.buf = append(s.buf, b...)
		return
	}
	s.flush()
	if len(b) >= cap(s.buf) {
		s.store(b)
		return
	}
	s.buf = append(s.buf, b...)
}

func (s *sectionWriter) flush() {
	s.store(s.buf)
	s.buf = s.buf[:0]
}

func (s *sectionWriter) store(b []byte) {
	if s.err != nil || len(b) == 0 {
		return
	}
	_, _ = s.hash.Write(b) // never fails
	_, s.err = s.w.f.WriteAt(b, s.off+s.written)
	s.written += int64(len(b))
}

// abort removes what was written.
func (w *fileWriter) abort() error { return errors.Join(w.f.Close(), os.Remove(w.f.Name())) }

// finish makes the file durable.
func (w *fileWriter) finish() error {
	table := make([]byte, 0, len(w.sections)*entrySize+footerSize)
	for _, s := range w.sections {
		s.flush()
		if s.err == nil && s.written != s.size {
			s.err = fmt.Errorf("section %d has %d bytes instead of %d", s.id, s.written, s.size)
		}
		if s.err != nil {
			return errors.Join(fmt.Errorf("write %s: %w", filepath.Base(w.path), s.err), w.abort())
		}
		for _, n := range []uint64{s.id, uint64(s.off), uint64(s.size), s.hash.Sum64()} {
			table = binary.LittleEndian.AppendUint64(table, n)
		}
	}
	table = binary.LittleEndian.AppendUint64(table, magic)
	table = binary.LittleEndian.AppendUint32(table, format)
	table = binary.LittleEndian.AppendUint32(table, w.kind)
	table = binary.LittleEndian.AppendUint64(table, uint64(w.end))
	table = binary.LittleEndian.AppendUint64(table, uint64(len(w.sections)))
	table = binary.LittleEndian.AppendUint64(table, xxh3.Hash(table))
	if _, err := w.f.WriteAt(table, w.end); err != nil {
		return errors.Join(err, w.abort())
	}
	if err := w.f.Sync(); err != nil {
		return errors.Join(err, w.abort())
	}
	if err := w.f.Close(); err != nil {
		return err
	}
	return os.Rename(w.path+".tmp", w.path)
}

// file is an open, mapped file.
type file struct {
	path     string
	data     []byte
	sections map[uint64]mappedSection
	checked  bool // all checksums were right
}

type mappedSection struct {
	bytes []byte
	sum   uint64
}

// openFile maps a file. It fails with errDamaged if it is cut or another format; contents are checked by check.
func openFile(path string, kind uint32) (_ *file, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // the mapping stays
	fi, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if fi.Size() < footerSize || fi.Size() != int64(int(fi.Size())) {
		return nil, errDamaged
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, int(fi.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map %s: %w", filepath.Base(path), err)
	}
	m := &file{path: path, data: data, sections: map[uint64]mappedSection{}}
	if err := m.readTable(kind); err != nil {
		return nil, errors.Join(err, m.close())
	}
	return m, nil
}

func (m *file) readTable(kind uint32) error {
	foot := m.data[len(m.data)-footerSize:]
	at, n := binary.LittleEndian.Uint64(foot[16:]), binary.LittleEndian.Uint64(foot[24:])
	size := uint64(len(m.data))
	if binary.LittleEndian.Uint64(foot) != magic || binary.LittleEndian.Uint32(foot[8:]) != format || binary.LittleEndian.Uint32(foot[12:]) != kind ||
		n > 1<<16 || at > size || at+n*entrySize+footerSize != size || xxh3.Hash(m.data[at:size-8]) != binary.LittleEndian.Uint64(foot[32:]) {
		return errDamaged
	}
	for e := m.data[at : at+n*entrySize]; len(e) > 0; e = e[entrySize:] {
		off, length := binary.LittleEndian.Uint64(e[8:]), binary.LittleEndian.Uint64(e[16:])
		if off%alignment != 0 || off > at || length > at-off {
			return errDamaged
		}
		m.sections[binary.LittleEndian.Uint64(e)] = mappedSection{bytes: m.data[off : off+length], sum: binary.LittleEndian.Uint64(e[24:])}
	}
	return nil
}

// check compares the contents with their checksums: those of some sections, or of all.
func (m *file) check(ids ...uint64) error {
	for id, s := range m.sections {
		if len(ids) > 0 && !slices.Contains(ids, id) {
			continue
		}
		if xxh3.Hash(s.bytes) != s.sum {
			return fmt.Errorf("%s, section %d: %w", filepath.Base(m.path), id, errDamaged)
		}
	}
	m.checked = m.checked || len(ids) == 0
	return nil
}

func (m *file) close() error {
	if m == nil || m.data == nil {
		return nil
	}
	err := syscall.Munmap(m.data)
	m.data, m.sections = nil, nil
	return err
}

// number is a type that sections hold.
type number interface {
	~uint16 | ~uint32 | ~uint64 | ~int64 | ~float64
}

// view reads a section as numbers. Sections are aligned and machines little endian (Open sees to it).
func view[T number](m *file, id uint64) ([]T, error) {
	b := m.sections[id].bytes
	var t T
	if len(b)%int(unsafe.Sizeof(t)) != 0 {
		return nil, errDamaged
	}
	if len(b) == 0 {
		return nil, nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(t))), nil //nolint:gosec // aligned, of that length
}

// raw is numbers as the bytes of a section.
func raw[T number](v []T) []byte {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(v))), len(v)*int(unsafe.Sizeof(v[0]))) //nolint:gosec // the same memory
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
