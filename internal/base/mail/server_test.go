package mail_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// received is one message as the server got it.
type received struct {
	From, Data string
	To         []string
	User       string // who signed in, "" if nobody
	Encrypted  bool
}

// server is a small SMTP server: one connection after the other, AUTH PLAIN, STARTTLS.
type server struct {
	l        net.Listener
	tls      *tls.Config
	Roots    *x509.CertPool
	Timeout  time.Duration     // that a client of it takes
	Password string            // of everybody; "" lets nobody in
	Replies  map[string]string // to a verb instead of the usual answer, e.g. "RCPT": "550 no such user"
	mu       sync.Mutex
	got      []received
}

// serve starts the server on a port of its own; implicit begins with TLS at once.
func serve(t *testing.T, implicit bool, password string, replies map[string]string) *server {
	t.Helper()
	pki := httptest.NewTLSServer(nil) // for its certificate, which is valid for 127.0.0.1
	t.Cleanup(pki.Close)
	s := &server{tls: &tls.Config{Certificates: pki.TLS.Certificates, MinVersion: tls.VersionTLS12}, Roots: x509.NewCertPool(), Password: password, Replies: replies}
	s.Roots.AddCert(pki.Certificate())
	var err error
	s.l, err = new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := s.l.Accept()
			if err != nil {
				return
			}
			if implicit {
				c = tls.Server(c, s.tls)
			}
			s.talk(c, implicit)
		}
	}()
	t.Cleanup(func() { require.NoError(t, s.l.Close()); <-done })
	return s
}

func (s *server) Port() int { return int(netip.MustParseAddrPort(s.l.Addr().String()).Port()) }

func (s *server) Got() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received{}, s.got...)
}

func (s *server) talk(c net.Conn, encrypted bool) {
	defer c.Close() //nolint:errcheck // a test
	in := bufio.NewReader(c)
	say := func(text string) { _, _ = fmt.Fprint(c, strings.ReplaceAll(text, "\n", "\r\n")+"\r\n") }
	m := received{Encrypted: encrypted}
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb := strings.ToUpper(strings.Fields(line + " .")[0])
		if reply := s.Replies[verb]; reply != "" {
			say(reply)
			continue
		}
		switch verb {
		case "EHLO", "HELO":
			offer := "250-test\n"
			if !m.Encrypted {
				offer += "250-STARTTLS\n"
			}
			say(offer + "250-8BITMIME\n250 AUTH PLAIN")
		case "STARTTLS":
			say("220 go on")
			secured := tls.Server(c, s.tls)
			c, in, m.Encrypted = secured, bufio.NewReader(secured), true
		case "AUTH":
			plain, _ := base64.StdEncoding.DecodeString(line[strings.LastIndex(line, " ")+1:])
			parts := strings.Split(string(plain), "\x00")
			if len(parts) != 3 || s.Password == "" || parts[2] != s.Password {
				say("535 5.7.8 wrong password")
				continue
			}
			m.User = parts[1]
			say("235 welcome")
		case "MAIL":
			m.From = line
			say("250 ok")
		case "RCPT":
			m.To = append(m.To, line)
			say("250 ok")
		case "DATA":
			say("354 go on")
			var b strings.Builder
			for {
				l, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if l == ".\r\n" {
					break
				}
				b.WriteString(l)
			}
			m.Data = b.String()
			s.mu.Lock()
			s.got = append(s.got, m)
			s.mu.Unlock()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}
