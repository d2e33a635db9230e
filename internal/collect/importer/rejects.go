package importer

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/huoshui/huoshui/internal/collect/importer/shape"
)

// RejectsPath is where the refused rows of an import are kept.
func (s *Service) RejectsPath(id int64) string {
	return filepath.Join(s.o.Dir, strconv.FormatInt(id, 10)+"-rejects.csv")
}

// rejects writes refused rows: line, code, reason, then the cells as they were in the file. It has a byte order mark, because the
// program that opens it is Excel.
type rejects struct {
	f   *os.File
	buf *bufio.Writer
	csv *csv.Writer
	n   int64
	row []string
}

func createRejects(path string, columns []string) (*rejects, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make the file of rejected rows: %w", err)
	}
	r := &rejects{f: f, buf: bufio.NewWriterSize(f, 1<<16)}
	r.csv = csv.NewWriter(r.buf)
	_, err = r.buf.WriteString("\ufeff")
	err = errors.Join(err, r.csv.Write(append([]string{"line", "code", "reason"}, columns...)))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write the file of rejected rows: %w", err), f.Close())
	}
	return r, nil
}

func (r *rejects) write(line int64, why shape.Reject, cells []string) error {
	r.n++
	r.row = append(append(r.row[:0], strconv.FormatInt(line, 10), why.Code, why.Reason), cells...)
	if err := r.csv.Write(r.row); err != nil {
		return fmt.Errorf("write a rejected row: %w", err)
	}
	return nil
}

func (r *rejects) close() error {
	r.csv.Flush()
	if err := errors.Join(r.csv.Error(), r.buf.Flush(), r.f.Close()); err != nil {
		return fmt.Errorf("write the rejected rows: %w", err)
	}
	return nil
}
