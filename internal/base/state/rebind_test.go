package state_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/state"
)

// Marks outside quotes are numbered from left to right; everything else stays as it is.
func TestRebindNumbersMarks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.StringMatching(`[a-z =(),<>*]{0,12}`)
		quoted := rapid.StringMatching(`('[a-z? "]{0,6}(''[a-z?]{0,3})?')|("[a-z? ']{0,6}")`)
		var in, want strings.Builder
		n := 0
		for range rapid.IntRange(0, 20).Draw(t, "pieces") {
			switch rapid.IntRange(0, 2).Draw(t, "piece") {
			case 0:
				s := plain.Draw(t, "plain") + " "
				in.WriteString(s)
				want.WriteString(s)
			case 1:
				s := quoted.Draw(t, "quoted")
				in.WriteString(s)
				want.WriteString(s)
			case 2:
				n++
				in.WriteByte('?')
				fmt.Fprintf(&want, "$%d", n)
			}
		}
		require.Equal(t, want.String(), state.Rebind(in.String()))
	})
}

// Whatever the text, nothing but marks changes: undoing the numbers gives the text back.
func FuzzRebind(f *testing.F) {
	f.Add("SELECT '?' FROM t WHERE a = ? AND \"b?\" = ?")
	f.Add("'")
	f.Add("????")
	f.Add("?000?????????")
	f.Fuzz(func(t *testing.T, query string) {
		if strings.Contains(query, "$") {
			t.Skip("the text has numbers of its own")
		}
		var back strings.Builder
		for n, part := range strings.Split(state.Rebind(query), "$") {
			if n > 0 {
				rest, ok := strings.CutPrefix(part, strconv.Itoa(n))
				require.True(t, ok, "mark %d", n)
				back.WriteString("?")
				part = rest
			}
			back.WriteString(part)
		}
		require.Equal(t, query, back.String())
	})
}

// Marks writes as many marks as asked for.
func TestMarks(t *testing.T) {
	t.Parallel()
	require.Equal(t, "(?)", state.Marks(1, 1))
	require.Equal(t, "(?,?,?),(?,?,?)", state.Marks(2, 3))
}
