package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
)

// Upload is a file that was sent to be imported.
type Upload struct {
	ID    string
	Name  string
	Bytes int64
	Inspection
}

func (s *Service) filePath(id string) string { return filepath.Join(s.filesDir(), id) }

// Take stores a file that is being sent, up to the limit, and looks what it is. A file that cannot be read is not kept.
func (s *Service) Take(ctx context.Context, name, author string, from io.Reader) (Upload, error) {
	f := file{ID: id.New(s.o.Clock.Now()), Name: cleanName(name), Author: author}
	path := s.filePath(f.ID)
	if err := s.save(ctx, path+".part", from, &f); err != nil {
		return Upload{}, errors.Join(err, remove(path+".part"))
	}
	seen, err := inspect(path+".part", shape.Options{})
	if err != nil {
		return Upload{}, errors.Join(err, remove(path+".part"))
	}
	if err := os.Rename(path+".part", path); err != nil {
		return Upload{}, fmt.Errorf("keep the upload: %w", err)
	}
	err = s.o.State.InTx(ctx, func(tx *state.Tx) error { return insertFile(ctx, tx, f) })
	if err != nil {
		return Upload{}, errors.Join(err, remove(path))
	}
	return Upload{ID: f.ID, Name: f.Name, Bytes: f.Bytes, Inspection: seen}, nil
}

func (s *Service) save(ctx context.Context, path string, from io.Reader, f *file) (err error) {
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep the upload: %w", err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	h := sha256.New()
	f.Bytes, err = io.Copy(io.MultiWriter(to, h), ctxReader{ctx, io.LimitReader(from, s.o.MaxUpload+1)})
	if err != nil {
		return fault.Wrap(err, fault.Malformed, "import.upload", "the upload broke off or the disk is full; send the file again")
	}
	if f.Bytes > s.o.MaxUpload {
		return fault.New(fault.TooLarge, "import.too_large", "the file is larger than the %d MB allowed here; compress it with gzip, or import it with the command on the server", s.o.MaxUpload>>20)
	}
	f.SHA256 = hex.EncodeToString(h.Sum(nil))
	if err := to.Sync(); err != nil {
		return fmt.Errorf("keep the upload: %w", err)
	}
	return nil
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// cleanName keeps of a name what is safe to show: no folders, no control characters, not too long.
func cleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[:60]) + "…" + string(runes[len(runes)-59:])
	}
	if name == "" {
		return "file"
	}
	return name
}
