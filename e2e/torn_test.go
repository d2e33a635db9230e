//go:build e2e

package e2e

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The newest file of the event log is torn after the server was killed. What is before the tear is there, what was cut off is kept
// and told of; and where the log lacks what was read from it before, the start is refused, so that the file can be put back.
func TestTornLog(t *testing.T) {
	t.Parallel()
	t.Run("half a record that nobody was promised", func(t *testing.T) {
		t.Parallel()
		p := newPool(t)
		key, block, _ := p.broken(t, 6, 0)
		f, err := os.OpenFile(block, os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = f.Write(bytes.Repeat([]byte{0x5a, 0, 1}, 1000))
		require.NoError(t, err)
		require.NoError(t, f.Close())
		p.holds(t, key, 6, 3000)
	})
	t.Run("records that were acknowledged and not applied", func(t *testing.T) {
		t.Parallel()
		p := newPool(t)
		key, block, content := p.broken(t, 3, 3)
		require.NoError(t, os.WriteFile(block, content[:len(content)-40], 0o600)) // the end of the last one
		p.holds(t, key, 5, 0)
	})
	t.Run("records that were applied", func(t *testing.T) {
		t.Parallel()
		p := newPool(t)
		key, block, content := p.broken(t, 6, 0)
		require.NoError(t, os.WriteFile(block, content[:len(content)-40], 0o600))
		p.refused(t, "apply.log_behind", []string{"put the newer log folder back"}, "serve", "--listen", "127.0.0.1:0")
		p.refused(t, "apply.log_behind", nil, "totals", "--json")
		for _, torn := range p.torn(t) {
			b, err := os.ReadFile(torn)
			require.NoError(t, err)
			require.True(t, bytes.HasSuffix(content[:len(content)-40], b), "what was cut off is kept")
		}
		for _, path := range p.blocks(t) {
			require.NoError(t, os.Remove(path))
		}
		require.NoError(t, os.WriteFile(block, content, 0o600))
		p.holds(t, key, 6, 0)
	})
	t.Run("records that were applied, and are lost for good", func(t *testing.T) {
		t.Parallel()
		p := newPool(t)
		key, block, content := p.broken(t, 6, 0)
		require.NoError(t, os.WriteFile(block, content[:len(content)/2], 0o600))
		p.refused(t, "apply.log_behind", []string{"huoshui log mend"}, "serve", "--listen", "127.0.0.1:0")
		require.Contains(t, p.run(t, "log", "mend"), "goes on after")
		p.holds(t, key, 6, 0) // the same key opens it, and everybody is there
		require.Contains(t, p.run(t, "log", "mend"), "whole")
	})
}

// broken is a killed pool that acknowledged some batches and applied them, and acknowledged later ones and did not; each is a record of
// its own. It gives the newest block of the log.
func (p *pool) broken(t *testing.T, applied, later int) (apiKey, block string, content []byte) {
	t.Helper()
	apiKey = p.apiKey(t, "owner")
	send := &sender{key: p.writeKey(t), http: http.DefaultClient}
	s := p.start(t, apiKey)
	release := func() {}
	for k := range applied + later {
		if k == applied {
			s.settled(t)
			release = p.hold(t) // from here on nothing is applied
		}
		status, err := send.send(t.Context(), s.url, batch(k, false))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
	}
	if later == 0 {
		s.settled(t)
	}
	s.kill()
	release()
	blocks := p.blocks(t)
	block = blocks[len(blocks)-1]
	content, err := os.ReadFile(block)
	require.NoError(t, err)
	return apiKey, block, content
}

// blocks are the files of the log, the oldest first.
func (p *pool) blocks(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(p.dir, "log", "jetstream", "*", "streams", "*", "msgs", "*.blk"))
	require.NoError(t, err)
	require.NotEmpty(t, found)
	number := func(path string) int {
		n, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(path), ".blk"))
		require.NoError(t, err)
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return number(a) - number(b) })
	return found
}

// torn are the files that were cut off.
func (p *pool) torn(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(p.dir, "log", "torn", "*"))
	require.NoError(t, err)
	return found
}

// holds proves that the first batches are there, once, and that the pool goes on; cut is how many bytes have to be put aside (0: any).
func (p *pool) holds(t *testing.T, key string, batches, cut int) {
	t.Helper()
	s := p.start(t, key)
	if torn := p.torn(t); cut > 0 {
		require.Len(t, torn, 1)
		b, err := os.ReadFile(torn[0])
		require.NoError(t, err)
		require.Len(t, b, cut)
		require.Contains(t, s.log.String(), "cut there")
		require.Contains(t, s.log.String(), torn[0])
	}
	s.settled(t)
	numbers := make([]int, batches*batchSize)
	for i := range numbers {
		numbers[i] = i
	}
	s.everybody(t, people(numbers))
	send := &sender{http: http.DefaultClient}
	var made struct{ Secret string }
	a := s.do(t, http.MethodPost, "/keys", map[string]any{"kind": "write", "name": "after"})
	require.Equal(t, http.StatusCreated, a.status, string(a.body))
	readJSON(t, bytes.NewReader(a.body), &made)
	send.key = made.Secret
	for _, k := range []int{batches, 0} { // new events, and a repeat
		status, err := send.send(t.Context(), s.url, batch(k, false))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
	}
	for i := range batchSize {
		numbers = append(numbers, batches*batchSize+i) //nolint:makezero // what was found, then what is new
	}
	s.settled(t)
	s.everybody(t, people(numbers))
	s.stop(t)
	require.Equal(t, numbers, p.stored(t))
}
