package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"github.com/huoshui/huoshui/internal/base/id"
)

// Secrets begin with what they are, so that people and secret scanners recognise them.
const (
	writePrefix = "hs_wk_"
	apiPrefix   = "hs_ak_"
)

// token is 160 random bits as text.
func token() string { return id.Token(20) }

// digest is the stored form of a session token or a key. One round of SHA-256 is right here: it is meant to be found by its hash on every
// request, and a slow hash protects only what can be guessed. Nobody guesses 160 random bits.
func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// csrf is the token that a page must send beside its session cookie. It is computed from the session's secret, which we do not store, so
// neither the database nor another site can make one.
func csrf(session string) string {
	mac := hmac.New(sha256.New, []byte(session))
	_, _ = mac.Write([]byte("huoshui csrf 1")) // a hash never fails to write
	return hex.EncodeToString(mac.Sum(nil)[:20])
}
