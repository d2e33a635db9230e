package board_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight/board"
)

// A template becomes a board of the charts that this pool can answer, in the reader's language; used twice, its charts are shared.
func TestTemplates(t *testing.T) {
	t.Parallel()
	r := single(t)
	names := []string{}
	for _, m := range r.Templates(t.Context()) {
		names = append(names, m.Name)
		require.Positive(t, m.Charts)
	}
	require.Equal(t, []string{"daily", "acquisition"}, names, "this desk knows neither retention nor value")
	b, err := r.FromTemplate(mei(t), "daily", "en", "k")
	require.NoError(t, err)
	require.Equal(t, "Operator's daily board", b.Title)
	require.Equal(t, board.Filters{Last: 30}, b.Filters)
	require.Len(t, b.Charts, 4, "the funnel is left out")
	require.Len(t, b.Items, 5)
	again, err := r.FromTemplate(mei(t), "daily", "en", "k")
	require.NoError(t, err)
	require.Equal(t, b.Key, again.Key)
	other, err := r.FromTemplate(mei(t), "daily", "en", "")
	require.NoError(t, err)
	require.NotEqual(t, b.Key, other.Key)
	require.Equal(t, b.Charts[0].Key, other.Charts[0].Key)
	_, err = r.FromTemplate(mei(t), "none", "en", "")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	_, err = r.FromTemplate(mei(t), "value", "en", "")
	require.Equal(t, "board.template_empty", fault.CodeOf(err))
}
