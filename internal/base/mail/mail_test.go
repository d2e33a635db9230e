package mail_test

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/mail"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

func open(t testing.TB, db *state.DB, srv *server) (*mail.Service, *define.Service) {
	t.Helper()
	trail, err := audit.New(t.Context(), db)
	require.NoError(t, err)
	log := slog.New(slog.DiscardHandler)
	defs, err := define.New(t.Context(), db, trail, log)
	require.NoError(t, err)
	o := mail.Options{State: db, Definitions: defs, Audit: trail, Clock: clock.System{}, Logger: log}
	if srv != nil {
		o.Timeout = srv.Timeout
		o.TLS = &tls.Config{RootCAs: srv.Roots, MinVersion: tls.VersionTLS12}
	}
	s, err := mail.New(t.Context(), o)
	require.NoError(t, err)
	return s, defs
}

var letter = mail.Message{To: []string{"梅 <mei@example.com>", "li@example.com"}, Subject: "周报：活跃 +12%", Text: "新增 30 人", HTML: `<p>新增 30 人 <img src="cid:chart"></p>`, Files: []mail.File{
	{Name: "growth.csv", Type: "text/csv", Data: []byte("date,new\n")}, {Name: "chart.png", Type: "image/png", ID: "chart", Data: []byte("png")},
}, Key: "report-7"}

// Over each kind of encryption a message arrives as it was written: recipients, Chinese subject, both texts, attachment and picture.
func TestSend(t *testing.T) {
	t.Parallel()
	for _, security := range []mail.Security{mail.TLS, mail.StartTLS, mail.None} {
		t.Run(string(security), func(t *testing.T) {
			t.Parallel()
			ctx := actor.With(t.Context(), actor.Itself())
			srv := serve(t, security == mail.TLS, "open sesame", nil)
			s, _ := open(t, statetest.SQLite(t), srv)
			require.Equal(t, "mail.not_set_up", fault.CodeOf(s.Send(ctx, letter)))
			in := mail.PutInput{Settings: mail.Settings{Server: "127.0.0.1", Port: srv.Port(), Security: security, From: "活水 <pool@example.com>"}}
			if security != mail.None {
				in.User, in.Password = "pool", new("open sesame")
			}
			_, err := s.Put(ctx, in)
			require.NoError(t, err)
			require.NoError(t, s.Send(ctx, letter))
			got := srv.Got()
			require.Len(t, got, 1)
			require.Equal(t, security != mail.None, got[0].Encrypted)
			require.Equal(t, in.User, got[0].User)
			require.Contains(t, got[0].From, "<pool@example.com>")
			require.Len(t, got[0].To, 2)
			for _, want := range []string{"Message-ID: <report-7@example.com>", "=?UTF-8?q?=E5=91=A8", `<li@example.com>`, "Auto-Submitted: auto-generated", "text/html", `filename="growth.csv"`, "Content-Id: <chart>", base64.StdEncoding.EncodeToString([]byte("date,new\n"))} {
				require.Contains(t, got[0].Data, want)
			}
		})
	}
}

// What the server says becomes a fault that tells whether trying again makes sense; who says nothing is left after the time limit.
func TestFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		password string
		replies  map[string]string
		code     string
	}{
		"wrong password":  {"other", nil, "mail.sign_in"},
		"no such user":    {"open sesame", map[string]string{"RCPT": "550 5.1.1 no such user"}, "mail.refused"},
		"sender refused":  {"open sesame", map[string]string{"MAIL": "553 not yours"}, "mail.refused"},
		"try again later": {"open sesame", map[string]string{"DATA": "451 4.7.1 greylisted"}, "mail.busy"},
		"nonsense":        {"open sesame", map[string]string{"EHLO": "hello?", "HELO": "hello?"}, "mail.unreachable"},
		"silence":         {"open sesame", map[string]string{"DATA": "354-"}, "mail.unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := actor.With(t.Context(), actor.Itself())
			srv := serve(t, true, c.password, c.replies)
			if c.code == "mail.unreachable" {
				srv.Timeout = 300 * time.Millisecond
			}
			s, _ := open(t, statetest.SQLite(t), srv)
			_, err := s.Put(ctx, mail.PutInput{Settings: mail.Settings{Server: "127.0.0.1", Port: srv.Port(), Security: mail.TLS, User: "pool", From: "pool@example.com"}, Password: new("open sesame")})
			require.NoError(t, err)
			err = s.Send(ctx, letter)
			require.Equal(t, c.code, fault.CodeOf(err), "%v", err)
			require.NotContains(t, err.Error(), "open sesame")
			require.Empty(t, srv.Got())
		})
	}
}

// A certificate that is not the server's, and a port where nobody is, are told apart from refusals.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	ctx := actor.With(t.Context(), actor.Itself())
	srv := serve(t, true, "", nil)
	s, _ := open(t, statetest.SQLite(t), nil) // does not know the certificate
	put := func(port int) {
		_, err := s.Put(ctx, mail.PutInput{Settings: mail.Settings{Server: "127.0.0.1", Port: port, Security: mail.TLS, From: "pool@example.com"}})
		require.NoError(t, err)
	}
	put(srv.Port())
	require.ErrorContains(t, s.Send(ctx, letter), "certificate")
	put(1)
	require.Equal(t, "mail.unreachable", fault.CodeOf(s.Send(ctx, letter)))
}

// Nobody makes a header of his own out of a subject or an address.
func TestMessageIsChecked(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*mail.Message){
		"nobody":         func(m *mail.Message) { m.To = nil },
		"no address":     func(m *mail.Message) { m.To = []string{"mei"} },
		"second header":  func(m *mail.Message) { m.To = []string{"mei@example.com\r\nBcc: all@example.com"} },
		"second subject": func(m *mail.Message) { m.Subject = "a\r\nBcc: all@example.com" },
		"no subject":     func(m *mail.Message) { m.Subject = " " },
		"no text":        func(m *mail.Message) { m.Text = "" },
		"too many":       func(m *mail.Message) { m.To = strings.Split(strings.Repeat("a@example.com,", 51), ",")[:51] },
		"too large":      func(m *mail.Message) { m.Files = []mail.File{{Name: "x", Data: make([]byte, mail.MaxBytes)}} },
	} {
		m := letter
		change(&m)
		require.Equal(t, "mail.message_invalid", fault.CodeOf(m.Validate()), name)
	}
	require.NoError(t, letter.Validate())
}

// A password stays with the server and user it was given for, survives a restart, and is in no history, audit entry or answer.
func TestPassword(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		ctx := actor.With(t.Context(), actor.Itself())
		s, defs := open(t, db, nil)
		set := mail.Settings{Server: "smtp.example.com", Port: 465, Security: mail.TLS, User: "pool", From: "pool@example.com"}
		_, err := s.Put(ctx, mail.PutInput{Settings: set})
		require.ErrorContains(t, err, "body.password")
		first, err := s.Put(ctx, mail.PutInput{Settings: set, Password: new("open sesame")})
		require.NoError(t, err)
		set.From = "活水 <pool@example.com>"
		_, err = s.Put(ctx, mail.PutInput{Settings: set, Version: first})
		require.NoError(t, err, "the sender may change without the password")
		_, err = s.Put(ctx, mail.PutInput{Settings: set, Version: first})
		require.Equal(t, fault.Stale, fault.KindOf(err))
		require.True(t, s.Ready(), "a refused change takes nothing away")
		again, _ := open(t, db, nil)
		require.True(t, again.Ready())
		for _, other := range []func(*mail.Settings){
			func(s *mail.Settings) { s.Server = "evil.example.com" }, func(s *mail.Settings) { s.Port = 587 }, func(s *mail.Settings) { s.User = "root" }, func(s *mail.Settings) { s.Security = mail.StartTLS },
		} {
			moved := set
			other(&moved)
			_, err = s.Put(ctx, mail.PutInput{Settings: moved})
			require.ErrorContains(t, err, "body.password")
		}
		set.Server = "mail.example.com"
		_, err = s.Put(ctx, mail.PutInput{Settings: set, Password: new("sesame two")})
		require.NoError(t, err)
		_, err = defs.Rollback(ctx, define.RollbackInput{Kind: mail.Kind, Key: mail.Key, Version: first})
		require.NoError(t, err)
		view, _ := s.Settings()
		require.Equal(t, "smtp.example.com", view.Server)
		require.False(t, view.Ready, "a roll-back brings no password back")
		versions, err := defs.Versions(ctx, mail.Kind, mail.Key)
		require.NoError(t, err)
		for _, v := range versions {
			require.NotContains(t, string(v.Spec), "sesame")
		}
		var secrets, told int
		require.NoError(t, db.QueryRow(ctx, "SELECT count(*) FROM mail_secret").Scan(&secrets))
		require.Equal(t, 1, secrets)
		require.NoError(t, db.QueryRow(ctx, "SELECT count(*) FROM audit WHERE detail LIKE '%sesame%'").Scan(&told))
		require.Zero(t, told)
		_, err = s.Put(ctx, mail.PutInput{Settings: mail.Settings{Security: mail.TLS}})
		require.NoError(t, err, "an empty server turns mail off")
		require.Equal(t, "mail.not_set_up", fault.CodeOf(s.Send(ctx, letter)))
		require.NoError(t, db.QueryRow(ctx, "SELECT count(*) FROM mail_secret").Scan(&secrets))
		require.Zero(t, secrets)
	})
}

// The operations are the owner's; a test message is really sent, and every broken field is named.
func TestOverHTTP(t *testing.T) {
	t.Parallel()
	mta := serve(t, true, "open sesame", nil)
	s, _ := open(t, statetest.SQLite(t), mta)
	srv := apitest.Start(t, s.Routes)
	srv.NobodyEnters(t)
	type call = apitest.Call
	body := func(change map[string]any) map[string]any {
		b := map[string]any{"server": "127.0.0.1", "port": mta.Port(), "security": "tls", "user": "pool", "from": "pool@example.com", "password": "open sesame"}
		maps.Copy(b, change)
		return b
	}
	put := func(as string, b any) call { return call{As: as, Method: "PUT", Path: "/settings/mail", Body: b} }
	test := call{As: "owner", Method: "POST", Path: "/settings/mail/test", Body: map[string]any{"to": "mei@example.com", "language": "en"}}
	srv.Run(t, []apitest.Case{
		{Name: "operator", Call: call{As: "operator", Path: "/settings/mail"}, Status: 403},
		{Name: "new", Call: call{As: "owner", Path: "/settings/mail"}, Status: 200, Has: []string{`"ready":false`, `"server":""`}},
		{Name: "nothing to test", Call: test, Status: 409, Has: []string{"mail.not_set_up"}},
		{Name: "broken", Call: put("owner", body(map[string]any{"server": "a b", "port": 0, "from": "pool"})), Status: 422, Has: []string{"body.server", "body.port", "body.from"}},
		{Name: "user without encryption", Call: put("owner", body(map[string]any{"security": "none"})), Status: 422, Has: []string{"body.security"}},
		{Name: "saved", Call: put("owner", body(nil)), Status: 200, Has: []string{`"password_set":true`, `"ready":true`}, HasNot: []string{"sesame"}},
		{Name: "shown", Call: call{As: "owner", Path: "/settings/mail"}, Status: 200, Has: []string{`"user":"pool"`}, HasNot: []string{"sesame"}},
		{Name: "test to nobody", Call: call{As: "owner", Method: "POST", Path: "/settings/mail/test", Body: map[string]any{"to": "x"}}, Status: 422, Has: []string{"body.to"}},
		{Name: "test", Call: test, Status: 200, Has: []string{"took_ms"}},
	})
	require.Len(t, mta.Got(), 1)
	require.True(t, bytes.Contains([]byte(mta.Got()[0].Data), []byte("Huoshui: test message")))
}
