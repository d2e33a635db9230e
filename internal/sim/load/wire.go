package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// wire is one keep-alive connection that speaks just enough HTTP/1.1: net/http's client would take as much of the machine as the server.
type wire struct {
	conn    net.Conn
	read    *bufio.Reader
	head    []byte // of every request, up to the length
	request []byte
}

func dial(ctx context.Context, address, key string) (*wire, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connect to the server: %w", err)
	}
	head := "POST /v1/batch HTTP/1.1\r\nHost: " + address + "\r\nAuthorization: Basic " +
		base64.StdEncoding.EncodeToString([]byte(key+":")) + "\r\nContent-Type: application/json\r\nContent-Length: "
	return &wire{conn: conn, read: bufio.NewReaderSize(conn, 4096), head: []byte(head)}, nil
}

func (w *wire) close() { _ = w.conn.Close() }

// post sends one body and gives the status of the answer, and the pause that a Retry-After asks for.
func (w *wire) post(ctx context.Context, body []byte) (status int, pause time.Duration, err error) {
	// An interruption must not wait for an answer that does not come.
	stop := context.AfterFunc(ctx, w.close)
	defer stop()
	w.request = append(w.request[:0], w.head...)
	w.request = strconv.AppendInt(w.request, int64(len(body)), 10)
	w.request = append(w.request, "\r\n\r\n"...)
	w.request = append(w.request, body...)
	if _, err := w.conn.Write(w.request); err != nil {
		return 0, 0, fmt.Errorf("send a request: %w", err)
	}
	return w.answer()
}

func (w *wire) answer() (status int, pause time.Duration, err error) {
	line, err := w.line()
	if err != nil {
		return 0, 0, err
	}
	if len(line) < len("HTTP/1.1 200") || !bytes.HasPrefix(line, []byte("HTTP/1.")) {
		return 0, 0, fmt.Errorf("%q is no answer", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, 0, fmt.Errorf("%q is no answer", line)
	}
	length, chunked := 0, false
	for {
		if line, err = w.line(); err != nil {
			return 0, 0, err
		}
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			length, err = strconv.Atoi(string(value))
		case bytes.EqualFold(name, []byte("Retry-After")):
			var seconds int
			seconds, err = strconv.Atoi(string(value))
			pause = time.Duration(seconds) * time.Second
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
		if err != nil {
			return 0, 0, fmt.Errorf("read header %q: %w", line, err)
		}
	}
	if chunked {
		return status, pause, w.skipChunks()
	}
	if _, err := w.read.Discard(length); err != nil {
		return 0, 0, fmt.Errorf("read an answer: %w", err)
	}
	return status, pause, nil
}

func (w *wire) skipChunks() error {
	for {
		line, err := w.line()
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(line), 16, 32)
		if err != nil {
			return fmt.Errorf("read a chunk: %w", err)
		}
		if _, err := w.read.Discard(int(n) + len("\r\n")); err != nil {
			return fmt.Errorf("read a chunk: %w", err)
		}
		if n == 0 {
			return nil
		}
	}
}

// line is the next line without its end; valid until the next read.
func (w *wire) line() ([]byte, error) {
	line, err := w.read.ReadSlice('\n')
	if err != nil {
		if err == io.EOF { //nolint:errorlint // bufio gives it bare
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("read an answer: %w", err)
	}
	return bytes.TrimRight(line, "\r\n"), nil
}
