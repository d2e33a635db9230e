package seen

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"os"
	"path/filepath"
	"sort"
)

// A run file is entries of 24 bytes (hash high, hash low, position; big endian, sorted), the Bloom filter, then a footer of 40 bytes:
// magic, entries, Bloom words, position reached, CRC-32C of filter and footer, CRC-32C of the entries.
const (
	entrySize  = 24
	footerSize = 40
	magic      = 0x4855_4f53_4545_4e31 // "HUOSEEN1"
	fanout     = 256                   // entries between two index keys in memory
)

type run struct {
	file    *os.File
	n       int
	reached uint64
	bytes   int64
	bloom   bloom
	index   []Key // every fanout-th key
}

var errDamaged = errors.New("duplicate index run is damaged")

func writeRun(path string, n int, reached uint64, entries iter.Seq[entry]) (_ *run, err error) {
	f, err := os.OpenFile(path+".tmp", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // path is made here
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	r := &run{reached: reached, bloom: newBloom(n)}
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	w := bufio.NewWriterSize(io.MultiWriter(f, sum), 1<<20)
	var b [entrySize]byte
	for e := range entries {
		if r.n%fanout == 0 {
			r.index = append(r.index, e.key)
		}
		r.n++
		r.bloom.add(e.key)
		binary.BigEndian.PutUint64(b[0:], e.key.Hi)
		binary.BigEndian.PutUint64(b[8:], e.key.Lo)
		binary.BigEndian.PutUint64(b[16:], e.at)
		if _, err := w.Write(b[:]); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	tail := make([]byte, 0, len(r.bloom)*8+footerSize)
	for _, word := range r.bloom {
		tail = binary.BigEndian.AppendUint64(tail, word)
	}
	tail = binary.BigEndian.AppendUint64(tail, magic)
	tail = binary.BigEndian.AppendUint64(tail, uint64(r.n))          //nolint:gosec // a count
	tail = binary.BigEndian.AppendUint64(tail, uint64(len(r.bloom))) //nolint:gosec // a count
	tail = binary.BigEndian.AppendUint64(tail, reached)
	tail = binary.BigEndian.AppendUint32(tail, crc32.Checksum(tail, crc32.MakeTable(crc32.Castagnoli)))
	tail = binary.BigEndian.AppendUint32(tail, sum.Sum32())
	if _, err := f.Write(tail); err != nil {
		return nil, err
	}
	if err := f.Sync(); err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return nil, err
	}
	if r.file, err = os.Open(path); err != nil { //nolint:gosec // path is made here
		return nil, err
	}
	r.bytes = int64(r.n)*entrySize + int64(len(tail))
	return r, syncDir(filepath.Dir(path))
}

func openRun(path string) (_ *run, err error) {
	f, err := os.Open(path) //nolint:gosec // named by our manifest
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	fi, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var foot [footerSize]byte
	if fi.Size() < footerSize {
		return nil, errDamaged
	}
	if _, err := f.ReadAt(foot[:], fi.Size()-footerSize); err != nil {
		return nil, err
	}
	n, words := binary.BigEndian.Uint64(foot[8:]), binary.BigEndian.Uint64(foot[16:])
	if binary.BigEndian.Uint64(foot[0:]) != magic || n > 1<<40 || words > 1<<36 || int64(n)*entrySize+int64(words)*8+footerSize != fi.Size() { //nolint:gosec // bounded before
		return nil, errDamaged
	}
	r := &run{file: f, n: int(n), reached: binary.BigEndian.Uint64(foot[24:]), bytes: fi.Size(), bloom: make(bloom, words)} //nolint:gosec // bounded
	tail := make([]byte, words*8+footerSize-8)
	if _, err := f.ReadAt(tail, int64(n)*entrySize); err != nil { //nolint:gosec // bounded
		return nil, err
	}
	if crc32.Checksum(tail, crc32.MakeTable(crc32.Castagnoli)) != binary.BigEndian.Uint32(foot[32:]) {
		return nil, errDamaged
	}
	for i := range r.bloom {
		r.bloom[i] = binary.BigEndian.Uint64(tail[i*8:])
	}
	var b [16]byte
	for i := 0; i < r.n; i += fanout {
		if _, err := f.ReadAt(b[:], int64(i)*entrySize); err != nil {
			return nil, err
		}
		r.index = append(r.index, Key{Hi: binary.BigEndian.Uint64(b[0:]), Lo: binary.BigEndian.Uint64(b[8:])})
	}
	return r, nil
}

// find looks an id up: the filter says no to nearly all that are absent, else one read of at most 6 KB decides.
func (r *run) find(k Key) (uint64, bool, error) {
	if !r.bloom.has(k) {
		return 0, false, nil
	}
	block := sort.Search(len(r.index), func(i int) bool { return compareKeys(r.index[i], k) > 0 }) - 1
	if block < 0 {
		return 0, false, nil
	}
	from := block * fanout
	count := min(fanout, r.n-from)
	var buf [fanout * entrySize]byte
	b := buf[:count*entrySize]
	if _, err := r.file.ReadAt(b, int64(from)*entrySize); err != nil {
		return 0, false, fmt.Errorf("read the duplicate index: %w", err)
	}
	at := func(i int) Key {
		return Key{Hi: binary.BigEndian.Uint64(b[i*entrySize:]), Lo: binary.BigEndian.Uint64(b[i*entrySize+8:])}
	}
	i := sort.Search(count, func(i int) bool { return compareKeys(at(i), k) >= 0 })
	if i == count || compareKeys(at(i), k) != 0 {
		return 0, false, nil
	}
	return binary.BigEndian.Uint64(b[i*entrySize+16:]), true, nil
}

// entries goes through the run in order and reports a read error at the end.
func (r *run) entries(fail *error) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		br := bufio.NewReaderSize(io.NewSectionReader(r.file, 0, int64(r.n)*entrySize), 1<<20)
		var b [entrySize]byte
		for range r.n {
			if _, err := io.ReadFull(br, b[:]); err != nil {
				*fail = err
				return
			}
			k := Key{Hi: binary.BigEndian.Uint64(b[0:]), Lo: binary.BigEndian.Uint64(b[8:])}
			if !yield(entry{k, binary.BigEndian.Uint64(b[16:])}) {
				return
			}
		}
	}
}

func replaceFile(path string, data []byte) error {
	f, err := os.OpenFile(path+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // path is made here
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // our own folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
