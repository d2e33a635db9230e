// Package id makes the random names of things: message ids, secrets, tokens.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

// alphabet has no padding and no letters that are easily mixed up.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

func encoding() *base32.Encoding { return base32.NewEncoding(alphabet).WithPadding(base32.NoPadding) }

// Token is n random bytes as text, for secrets. 20 bytes give 160 bits.
func Token(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand.Read never fails (it ends the process instead)
	return encoding().EncodeToString(b)
}

// New is a name that sorts by the time it was made: 48 bits of milliseconds, 80 random bits.
func New(now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16) //nolint:gosec // times are after 1970
	_, _ = rand.Read(b[6:])
	return encoding().EncodeToString(b[:])
}
