package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// cost is how hard a password is to guess from its hash.
type cost struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

// owasp is the second of the equal choices of the OWASP Password Storage Cheat Sheet for argon2id: 19 MiB, 2 passes, 1 lane. The smaller
// memory is for us: the process shares its machine with a pipeline.
func owasp() cost { return cost{memory: 19 * 1024, time: 2, threads: 1} }

const (
	saltSize = 16
	hashSize = 32
)

// Lengths of a password in bytes (NIST SP 800-63B: at least 8, no rules about kinds of characters).
const (
	MinPassword = 8
	MaxPassword = 500
)

// hasher makes and checks password hashes, at most two at a time, so that a flood of sign-ins cannot eat the memory.
type hasher struct {
	cost  cost
	turns chan struct{}
	// nobody is the hash of no password: checking it takes as long as checking a real one, so that the time of an answer does not
	// tell whether an account exists.
	nobody string
}

func newHasher(c cost) *hasher {
	return &hasher{cost: c, turns: make(chan struct{}, 2), nobody: encodeHash(c, random(saltSize), random(hashSize))}
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (it ends the process instead)
	return b
}

func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// hash gives the stored form of a password: parameters, salt and hash in one text, in the PHC format.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := random(saltSize)
	return encodeHash(h.cost, salt, argon2.IDKey([]byte(password), salt, h.cost.time, h.cost.memory, h.cost.threads, hashSize)), nil
}

// verify says whether the password fits the stored form, and whether that form is of another cost and should be made anew.
func (h *hasher) verify(ctx context.Context, stored, password string) (ok, stale bool, err error) {
	c, salt, want, err := decodeHash(stored)
	if err != nil {
		return false, false, err
	}
	done, err := h.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	got := argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, uint32(len(want))) //nolint:gosec // at most 64, see decodeHash
	return subtle.ConstantTimeCompare(got, want) == 1, c != h.cost, nil
}

func encodeHash(c cost, salt, hash []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads, b64.EncodeToString(salt), b64.EncodeToString(hash))
}

var errHash = errors.New("stored password is damaged")

func decodeHash(stored string) (c cost, salt, hash []byte, err error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost{}, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil {
		return cost{}, nil, nil, errHash
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	hash, errSum := base64.RawStdEncoding.DecodeString(parts[5])
	// Bounds, so that a damaged row cannot take the machine down.
	if errSalt != nil || errSum != nil || len(salt) < 8 || len(hash) < 16 || len(hash) > 64 ||
		c.memory < 8 || c.memory > 1<<20 || c.time < 1 || c.time > 64 || c.threads < 1 || c.threads > 16 {
		return cost{}, nil, nil, errHash
	}
	return c, salt, hash, nil
}

// checkPassword collects what is wrong with a new password.
func checkPassword(c *fault.Check, field, password, email string) {
	c.That(len(password) >= MinPassword, field, "take at least %d characters", MinPassword)
	c.That(len(password) <= MaxPassword, field, "take at most %d characters", MaxPassword)
	c.That(password == "" || !strings.EqualFold(password, email), field, "take something other than the e-mail address")
}
