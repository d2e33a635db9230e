// Package mail sends e-mail through the SMTP server that an owner names in the settings.
//
// Terms. The settings are server, port, kind of encryption, user and sender; they are one definition (kind "mail", key "smtp") and have a
// history. The password is not part of them: it lies in a table of its own, named by the settings, and leaves it only towards the server.
//
// Invariants. A password is never shown again, never in a history, an audit entry or a log; it travels over encrypted connections only. It
// belongs to the server and the user it was given for: whoever changes either gives it anew, and rolling back to other settings asks for it
// again, so that nobody can have it sent to a server of his own. Without settings every message is refused with "mail.not_set_up".
//
// The server may lie in one's own network (many mail relays do), so unlike webhooks it is not guarded by base/outgoing; only owners name it.
package mail

import (
	"context"
	"crypto/tls"
	"embed"
	"encoding/json"
	"log/slog"
	"net/mail"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Kind and Key name the definition.
const (
	Kind = "mail"
	Key  = "smtp"
)

// Security is how the connection is encrypted.
type Security string

// The kinds of encryption.
const (
	TLS      Security = "tls"      // from the first byte, usually port 465
	StartTLS Security = "starttls" // asked for and insisted on, usually port 587
	None     Security = "none"     // not at all; only without user, for relays in one's own network
)

// Settings say through which server mail goes. With an empty server mail is off.
type Settings struct {
	Server   string   `json:"server"   doc:"Host name; empty: no mail is sent"                                 example:"smtp.example.com"`
	Port     int      `json:"port"     doc:"Usually 465 with tls, 587 with starttls, 25 without"               example:"465"`
	Security Security `json:"security" doc:"How the connection is encrypted; without encryption there is no user" enum:"tls,starttls,none"`
	User     string   `json:"user"     doc:"Name to sign in with; empty: without"`
	From     string   `json:"from"     doc:"Sender of all messages"                                            example:"Living Water <pool@example.com>"`
}

// spec is what the definition holds.
type spec struct {
	Settings
	Secret string `json:"secret,omitempty"` // name of the row with the password
}

// Validate says what is wrong with the settings.
func (s Settings) Validate() error {
	var c fault.Check
	if s.Server != "" {
		c.That(validHost(s.Server), "body.server", "give the host name of a mail server, e.g. smtp.example.com")
		c.That(s.Port >= 1 && s.Port <= 65535, "body.port", "take a port, e.g. 465")
		from, err := mail.ParseAddress(s.From)
		c.That(err == nil && from != nil && len(s.From) <= 320, "body.from", "give an address, e.g. Living Water <pool@example.com>")
	}
	c.That(s.Security == TLS || s.Security == StartTLS || s.Security == None, "body.security", "take tls, starttls or none")
	c.That(s.User == "" || s.Security != None, "body.security", "a user signs in over an encrypted connection only; take tls or starttls")
	c.That(len(s.User) <= 320 && !strings.ContainsAny(s.User, "\r\n\x00"), "body.user", "a name has at most 320 bytes and one line")
	return c.Err("mail.invalid", "the mail settings cannot be saved; see errors")
}

func validHost(s string) bool {
	return len(s) <= 253 && regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?\.?)+$|^[0-9A-Fa-f:]+$`).MatchString(s)
}

// sameDoor says whether a password given for one is good for the other.
func (s Settings) sameDoor(o Settings) bool {
	return s.Server == o.Server && s.Port == o.Port && s.Security == o.Security && s.User == o.User
}

// View is the settings as they are shown.
type View struct {
	Settings
	PasswordSet bool `json:"password_set" doc:"A password is kept; it is never shown"`
	Ready       bool `json:"ready"        doc:"Messages can be sent: a server is named, and a password if there is a user"`
}

// Options are what the room needs.
type Options struct {
	State       *state.DB
	Definitions *define.Service
	Audit       *audit.Log
	Logger      *slog.Logger
	Clock       clock.Clock
	TLS         *tls.Config   // certificates to trust; the machine's if nil
	Timeout     time.Duration // of handing over one message; 30 s
}

// Service is the room's rules. It is safe for concurrent use.
type Service struct {
	o   Options
	now atomic.Pointer[inForce]
}

type inForce struct {
	spec     spec
	version  int64
	password string
}

// New opens the room.
func New(ctx context.Context, o Options) (*Service, error) {
	if err := o.State.Migrate(ctx, "mail", migrations); err != nil {
		return nil, err
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	s := &Service{o: o}
	s.now.Store(&inForce{spec: spec{Settings: Settings{Port: 465, Security: TLS}}})
	o.Definitions.Declare(define.Kind{Name: Kind, Edit: actor.Manage, Check: check})
	if err := s.read(ctx); err != nil {
		return nil, err
	}
	o.Definitions.Watch(Kind, func(ctx context.Context) {
		if err := s.read(ctx); err != nil {
			o.Logger.WarnContext(ctx, "mail settings could not be read, the ones before stay in force here", "err", err)
		}
	})
	return s, nil
}

func check(key string, raw json.RawMessage) error {
	if key != Key {
		return fault.New(fault.Invalid, "mail.invalid", "there is one set of mail settings (key %q) and no others", Key)
	}
	var got spec
	if err := json.Unmarshal(raw, &got); err != nil {
		return fault.Wrap(err, fault.Invalid, "mail.invalid", "the mail settings cannot be read")
	}
	return got.Validate()
}

// Settings gives the settings in force and their version, 0 if there are none.
func (s *Service) Settings() (View, int64) {
	now := s.now.Load()
	return View{Settings: now.spec.Settings, PasswordSet: now.password != "", Ready: now.ready()}, now.version
}

// Ready says whether messages can be sent.
func (s *Service) Ready() bool { return s.now.Load().ready() }

func (f *inForce) ready() bool { return f.spec.Server != "" && (f.spec.User == "" || f.password != "") }
