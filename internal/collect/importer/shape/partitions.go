package shape

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// partitionCount divides lines so that one partition fits into memory for files far larger than it.
const partitionCount = 256

// DefaultMemory is how many bytes of lines stay in memory before they go to a temporary file.
const DefaultMemory = 128 << 20

// partitions keep records by a hash of their key, in memory up to a bound and in a temporary file beyond. All records of a key are in
// one partition, whatever the order in which they came.
type partitions struct {
	dir    string
	bound  int
	held   int
	parts  [partitionCount]partition
	file   *os.File
	offset int64
	out    *bufio.Writer
}

type partition struct {
	buf      []byte
	segments []segment
}

type segment struct{ offset, size int64 }

func newPartitions(dir string, bound int) *partitions {
	if bound == 0 {
		bound = DefaultMemory
	}
	return &partitions{dir: dir, bound: bound}
}

// add keeps a record, which write appends to the buffer it is given.
func (p *partitions) add(key string, write func([]byte) []byte) error {
	h := fnv.New32a()
	_, _ = io.WriteString(h, key) // a hash takes everything
	part := &p.parts[h.Sum32()%partitionCount]
	before := len(part.buf)
	part.buf = write(append(part.buf, 0, 0, 0, 0))
	binary.BigEndian.PutUint32(part.buf[before:], uint32(len(part.buf)-before-4))
	p.held += len(part.buf) - before
	if p.held > p.bound {
		return p.spill()
	}
	return nil
}

// spill moves what is in memory to the temporary file.
func (p *partitions) spill() error {
	if p.file == nil {
		f, err := os.CreateTemp(p.dir, "lines-*.tmp")
		if err != nil {
			return fmt.Errorf("make a temporary file for order lines: %w", err)
		}
		p.file, p.out = f, bufio.NewWriterSize(f, 1<<20)
	}
	for i := range p.parts {
		part := &p.parts[i]
		if len(part.buf) == 0 {
			continue
		}
		if _, err := p.out.Write(part.buf); err != nil {
			return fmt.Errorf("keep order lines in a temporary file: %w", err)
		}
		size := int64(len(part.buf))
		part.segments = append(part.segments, segment{p.offset, size})
		p.offset += size
		part.buf = part.buf[:0]
	}
	p.held = 0
	if err := p.out.Flush(); err != nil {
		return fmt.Errorf("keep order lines in a temporary file: %w", err)
	}
	return nil
}

// each calls do for every record of a partition. The record is valid until the call returns.
func (p *partitions) each(i int, do func(record []byte) error) error {
	for _, s := range p.parts[i].segments {
		buf := make([]byte, s.size)
		if _, err := p.file.ReadAt(buf, s.offset); err != nil {
			return fmt.Errorf("read order lines back: %w", err)
		}
		if err := records(buf, do); err != nil {
			return err
		}
	}
	return records(p.parts[i].buf, do)
}

func records(buf []byte, do func([]byte) error) error {
	for len(buf) > 0 {
		n := binary.BigEndian.Uint32(buf)
		if err := do(buf[4 : 4+n]); err != nil {
			return err
		}
		buf = buf[4+n:]
	}
	return nil
}

// drop frees a partition's memory.
func (p *partitions) drop(i int) { p.parts[i] = partition{} }

func (p *partitions) close() error {
	if p.file == nil {
		return nil
	}
	return errors.Join(p.file.Close(), os.Remove(p.file.Name()))
}
