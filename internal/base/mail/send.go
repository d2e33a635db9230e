package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	smtp "github.com/wneessen/go-mail"
	auth "github.com/wneessen/go-mail/smtp"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// File is sent along with a message.
type File struct {
	Name string // file name, e.g. "funnel.csv"
	Type string // media type, e.g. "text/csv"; guessed from the name if empty
	Data []byte
	// ID, if given, makes it a picture within the HTML, shown by <img src="cid:ID">, instead of an attachment.
	ID string
}

// Message is one e-mail. Text is always needed: some people read nothing else.
type Message struct {
	To      []string // addresses; each sees the others
	Subject string
	Text    string
	HTML    string // optional
	Files   []File
	// Key, if given, becomes the message's id: a message that is sent again after a crash is recognised by many mail programs as the same.
	Key string
}

// Limits of a message.
const (
	MaxRecipients = 50
	MaxBytes      = 20 << 20 // of text and files
)

// Validate says what is wrong with the message.
func (m Message) Validate() error {
	var c fault.Check
	c.That(len(m.To) > 0 && len(m.To) <= MaxRecipients, "to", "give 1 to %d recipients", MaxRecipients)
	for i, to := range m.To {
		c.That(ValidAddress(to), fmt.Sprintf("to[%d]", i), "%q is no e-mail address", to)
	}
	c.That(strings.TrimSpace(m.Subject) != "" && len(m.Subject) <= 500 && !strings.ContainsAny(m.Subject, "\r\n"), "subject", "give a subject of one line, at most 500 bytes")
	c.That(strings.TrimSpace(m.Text) != "", "text", "write something")
	size := len(m.Text) + len(m.HTML)
	for _, f := range m.Files {
		size += len(f.Data)
	}
	c.That(size <= MaxBytes, "files", "a message has at most %d MiB", MaxBytes>>20)
	return c.Err("mail.message_invalid", "the message cannot be sent; see errors")
}

// ValidAddress says whether mail can be addressed to it: a bare address or one with a name, on one line.
func ValidAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address != "" && len(s) <= 320 && !strings.ContainsAny(s, "\r\n")
}

// Send hands the message to the server. When it returns nil the server has taken it. Faults: "mail.not_set_up", "mail.message_invalid",
// "mail.unreachable" and "mail.busy" (trying again later makes sense), "mail.sign_in" and "mail.refused" (it does not).
func (s *Service) Send(ctx context.Context, m Message) error {
	now := s.now.Load()
	if !now.ready() {
		return fault.New(fault.Conflict, "mail.not_set_up", "no mail server is set up; an owner names one under Settings, System, Mail")
	}
	if err := m.Validate(); err != nil {
		return err
	}
	msg, err := build(now.spec.Settings, m, s.o.Clock.Now())
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "mail.message_invalid", "the message cannot be written as an e-mail")
	}
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	client, err := s.client(ctx, now)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "mail.invalid", "the mail settings cannot be used; save them again")
	}
	switch err := client.DialAndSendWithContext(ctx, msg); {
	case err == nil, msg.IsDelivered(): // once it was taken, a bad farewell does not matter
		return nil
	case ctx.Err() != nil:
		return explain(errors.Join(ctx.Err(), err))
	default:
		return explain(err)
	}
}

func build(s Settings, m Message, now time.Time) (*smtp.Msg, error) {
	msg := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return nil, err
	}
	msg.FromMailAddress(from)
	for _, to := range m.To {
		a, err := mail.ParseAddress(to)
		if err != nil {
			return nil, err
		}
		msg.AddToMailAddress(a)
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(now)
	msg.SetMessageID()
	if m.Key != "" {
		_, domain, _ := strings.Cut(from.Address, "@")
		msg.SetMessageIDWithValue(m.Key + "@" + domain)
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // no out-of-office answers (RFC 3834)
	msg.SetBodyString(smtp.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(smtp.TypeTextHTML, m.HTML)
	}
	for _, f := range m.Files {
		var options []smtp.FileOption
		if f.Type != "" {
			options = append(options, smtp.WithFileContentType(smtp.ContentType(f.Type)))
		}
		add := msg.AttachReader
		if f.ID != "" {
			add, options = msg.EmbedReader, append(options, smtp.WithFileContentID("<"+f.ID+">"))
		}
		if err := add(f.Name, bytes.NewReader(f.Data), options...); err != nil {
			return nil, err
		}
	}
	return msg, nil
}

func (s *Service) client(ctx context.Context, now *inForce) (*smtp.Client, error) {
	set := now.spec.Settings
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.o.TLS != nil {
		conf = s.o.TLS.Clone()
	}
	conf.ServerName = set.Server
	options := []smtp.Option{smtp.WithPort(set.Port), smtp.WithTimeout(s.o.Timeout), smtp.WithTLSConfig(conf), smtp.WithoutNoop(), smtp.WithDialContextFunc(dial(ctx, set.Security, conf))}
	switch set.Security {
	case TLS: // dial speaks it from the start
		options = append(options, smtp.WithSSL())
	case StartTLS:
		options = append(options, smtp.WithTLSPolicy(smtp.TLSMandatory))
	case None:
		options = append(options, smtp.WithTLSPolicy(smtp.NoTLS))
	}
	if set.User != "" {
		options = append(options, smtp.WithSMTPAuthCustom(&signIn{user: set.User, password: now.password, host: set.Server}))
	}
	return smtp.NewClient(set.Server, options...)
}

// dial connects, and ends the connection when ctx ends: the library gives every command the whole time limit anew.
func dial(ctx context.Context, security Security, conf *tls.Config) smtp.DialContextFunc {
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		raw, err := new(net.Dialer).DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		c := net.Conn(&bounded{Conn: raw, release: context.AfterFunc(ctx, func() { _ = raw.Close() })})
		if security != TLS {
			return c, nil
		}
		secured := tls.Client(c, conf)
		if err := secured.HandshakeContext(dialing); err != nil {
			return nil, errors.Join(err, c.Close())
		}
		return secured, nil
	}
}

// bounded is a connection that stops waiting for the end of a context when it is closed.
type bounded struct {
	net.Conn
	release func() bool
}

// Close closes the connection.
func (b *bounded) Close() error {
	b.release()
	return b.Conn.Close()
}

// signIn takes PLAIN or LOGIN, whichever the server offers; both refuse a connection that is not encrypted.
type signIn struct {
	user, password, host string
	chosen               auth.Auth
}

// Start chooses.
func (s *signIn) Start(server *auth.ServerInfo) (proto string, toServer []byte, err error) {
	s.chosen = auth.PlainAuth("", s.user, s.password, s.host, false)
	if !slices.Contains(server.Auth, "PLAIN") && slices.Contains(server.Auth, "LOGIN") {
		s.chosen = auth.LoginAuth(s.user, s.password, s.host, false)
	}
	return s.chosen.Start(server)
}

// Next answers the server.
func (s *signIn) Next(fromServer []byte, more bool) ([]byte, error) {
	return s.chosen.Next(fromServer, more)
}

// explain makes a fault of what went wrong. What the server said is shown: it helps, and it is the owner's own server.
func explain(err error) error {
	var sent *smtp.SendError
	var reply *textproto.Error
	var cert *tls.CertificateVerificationError
	var network net.Error
	switch {
	case errors.As(err, &cert):
		return fault.Wrap(err, fault.Unavailable, "mail.unreachable", "the mail server's certificate is not valid for its name; check server and encryption")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return fault.Wrap(err, fault.Unavailable, "mail.unreachable", "the mail server did not answer in time; check server, port and encryption")
	case errors.As(err, &sent) && sent.IsTemp(), errors.As(err, &reply) && reply.Code >= 400 && reply.Code < 500:
		return fault.Wrap(err, fault.Unavailable, "mail.busy", "the mail server does not take the message now%s; try again later", said(err))
	case errors.As(err, &reply) && (reply.Code == 530 || reply.Code == 534 || reply.Code == 535 || reply.Code == 538):
		return fault.Wrap(err, fault.Invalid, "mail.sign_in", "the mail server does not accept user and password%s; many providers want a password of its own for programs", said(err))
	case errors.As(err, &sent) && sent.ErrorCode() >= 500, errors.As(err, &reply):
		return fault.Wrap(err, fault.Invalid, "mail.refused", "the mail server refuses the message%s", said(err))
	}
	return fault.Wrap(err, fault.Unavailable, "mail.unreachable", "the mail server cannot be reached or does not speak as expected; check server, port and encryption")
}

// said is the server's own words in brackets, one line, cut.
func said(err error) string {
	text := ""
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		text = fmt.Sprintf("%d %s", reply.Code, reply.Msg)
	} else if sent, ok := errors.AsType[*smtp.SendError](err); ok && sent.ErrorCode() > 0 {
		text = strconv.Itoa(sent.ErrorCode())
	}
	if text == "" {
		return ""
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if r := []rune(text); len(r) > 200 {
		text = string(r[:200]) + "…"
	}
	return " (" + text + ")"
}
