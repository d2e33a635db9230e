package auth_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/auth"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
)

func (h house) try(email, pw, address string) string {
	_, err := h.SignIn(discard(), auth.SignInInput{Email: email, Password: pw, Address: netip.MustParseAddr(address)})
	return code(err)
}

// Five guesses are free, then each next one waits twice as long; a refused attempt does not lengthen the wait, a restart does not
// shorten it, the right password ends it, and an unknown account is told the same.
func TestThrottleAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		for _, email := range []string{mei, "unknown@example.com"} {
			from := func(i int) string { return fmt.Sprintf("198.51.100.%d", i) } // from everywhere, so that only the account counts
			for i := range 6 {
				require.Equal(t, "auth.wrong_password", h.try(email, "guess", from(i)), "guess %d", i)
			}
			for i, wait := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second} {
				require.Equal(t, "auth.throttled", h.try(email, password, from(i)), "also the right one waits")
				h = open(t, h.db, h.clk)
				h.clk.Add(wait - time.Millisecond)
				require.Equal(t, "auth.throttled", h.try(email, "guess", from(i)))
				h.clk.Add(time.Millisecond)
				require.Equal(t, "auth.wrong_password", h.try(email, "guess", from(i)))
			}
		}
		h.clk.Add(32 * time.Second)
		require.Empty(t, h.try(mei, password, "192.0.2.1"))
		for range 6 {
			require.Equal(t, "auth.wrong_password", h.try(mei, "guess", "192.0.2.1"), "the right password cleared the record")
		}
		h.clk.Add(61 * time.Minute)
		require.NoError(t, h.Flush(t.Context()))
		for range 6 {
			require.Equal(t, "auth.wrong_password", h.try(mei, "guess", "192.0.2.1"), "old failures are forgotten")
		}
		for range 30 {
			h.clk.Add(15 * time.Minute)
			require.Equal(t, "auth.wrong_password", h.try(mei, "guess", "192.0.2.2"), "nobody waits longer than a quarter of an hour")
		}
	})
}

// One address that tries many accounts is slowed down as well, and an account of its own does not help it.
func TestThrottleAddress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		h.add(t, "mallory@example.com", "analyst")
		for i := range 10 {
			require.Equal(t, "auth.wrong_password", h.try(fmt.Sprintf("a%d@example.com", i), "guess", "2001:db8::1"))
			require.Equal(t, "auth.wrong_password", h.try(fmt.Sprintf("b%d@example.com", i), "guess", "2001:db8::2"), "the same /64")
			require.Empty(t, h.try("mallory@example.com", password, "2001:db8::1"))
		}
		require.Equal(t, "auth.wrong_password", h.try("c@example.com", "guess", "2001:db8::3"))
		require.Equal(t, "auth.throttled", h.try(mei, password, "2001:db8::4"))
		require.Empty(t, h.try(mei, password, "2001:db8:0:1::4"), "another network")
	})
}

// A burst of parallel guesses gets no more tries than one after the other would.
func TestThrottleBurst(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h house) {
		var wg sync.WaitGroup
		codes := make(chan string, 20)
		for i := range cap(codes) {
			wg.Go(func() { codes <- h.try(mei, "guess", fmt.Sprintf("198.51.100.%d", i)) })
		}
		wg.Wait()
		close(codes)
		tried := 0
		for c := range codes {
			if c == "auth.wrong_password" {
				tried++
			}
		}
		require.Equal(t, 6, tried)
	})
}

// Over HTTP the wait is a 429 with Retry-After.
func TestThrottleOverHTTP(t *testing.T) {
	t.Parallel()
	h := houseOnSQLite(t)
	s := h.serve(t)
	try := apitest.Call{Method: "POST", Path: "/session", Body: map[string]string{"email": mei, "password": "guess"}}
	for range 6 {
		require.Equal(t, http.StatusUnauthorized, s.Do(t, try).Status)
	}
	got := s.Do(t, try)
	require.Equal(t, http.StatusTooManyRequests, got.Status)
	require.Equal(t, "2", got.Header.Get("Retry-After"))
	require.Contains(t, got.Body, `"auth.throttled"`)
}
