package auth

import (
	"context"
	"database/sql"
	"errors"
	"net/netip"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/state"
)

// Attempts that cost nothing yet, how long one waits at most, and when old failures are forgotten.
const (
	freePerAccount = 5
	freePerAddress = 20 // an office shares one
	longestWait    = 15 * time.Minute
	forgetAfter    = time.Hour
)

func accountSubject(email string) string { return "account " + email }

// addressSubject is the address, or for IPv6 the /64 network, which one machine has for itself.
func addressSubject(a netip.Addr) string {
	if a.Is6() && !a.Is4In6() {
		if p, err := a.Prefix(64); err == nil {
			return "address " + p.String()
		}
	}
	return "address " + a.String()
}

// charge counts an attempt before it is made, so that many at the same moment count as many. It refuses if the subject must still wait; a
// refused attempt does not make the wait longer. After the free attempts the wait doubles: 2 s, 4 s, 8 s …
func (s *Service) charge(ctx context.Context, tx *state.Tx, subject string, free int64) error {
	now := state.Micros(tx.Now)
	var failures int64
	err := tx.QueryRow(ctx, `INSERT INTO auth_throttle (subject, failures, last_at, until_at) VALUES (?, 1, ?, 0)
		ON CONFLICT (subject) DO UPDATE SET
			failures = CASE WHEN auth_throttle.last_at < ? THEN 1 ELSE auth_throttle.failures + 1 END, last_at = excluded.last_at
		WHERE auth_throttle.until_at <= excluded.last_at
		RETURNING failures`, subject, now, now-forgetAfter.Microseconds()).Scan(&failures)
	if errors.Is(err, sql.ErrNoRows) {
		var until int64
		if err := tx.QueryRow(ctx, "SELECT until_at FROM auth_throttle WHERE subject = ?", subject).Scan(&until); err != nil {
			return err
		}
		wait := state.Time(until).Sub(tx.Now)
		return fault.Wrap(httpapi.RetryAfter(wait), fault.TooMany, "auth.throttled",
			"too many attempts; try again in %d seconds", int64(max(time.Second, wait+time.Second-1)/time.Second))
	}
	if err != nil || failures <= free {
		return err
	}
	wait := longestWait
	if over := failures - free; over < 10 {
		wait = min(longestWait, time.Second<<over)
	}
	_, err = tx.Exec(ctx, "UPDATE auth_throttle SET until_at = ? WHERE subject = ?", state.Micros(tx.Now.Add(wait)), subject)
	return err
}

// refund takes back the charge of an attempt that was right. The account starts anew; the address loses only this one charge, or an
// attacker could clear his record by signing in to an account of his own.
func refund(ctx context.Context, tx *state.Tx, email string, from netip.Addr) error {
	if _, err := tx.Exec(ctx, "DELETE FROM auth_throttle WHERE subject = ?", accountSubject(email)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE auth_throttle SET failures = failures - 1, until_at = 0 WHERE subject = ? AND failures > 0", addressSubject(from))
	return err
}
