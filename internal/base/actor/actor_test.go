package actor_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
)

// The whole table of who may do what, written out: a change here is a decision, not an accident.
func TestPermissions(t *testing.T) {
	t.Parallel()
	all := []actor.Permission{
		actor.Public, actor.SignedIn, actor.Read, actor.ReadPersonal, actor.Operate, actor.Manage, actor.Intake, "unheard of",
	}
	want := map[actor.Role][]actor.Permission{
		actor.Owner:    {actor.Public, actor.SignedIn, actor.Read, actor.ReadPersonal, actor.Operate, actor.Manage, actor.Intake},
		actor.Operator: {actor.Public, actor.SignedIn, actor.Read, actor.ReadPersonal, actor.Operate},
		actor.Analyst:  {actor.Public, actor.SignedIn, actor.Read},
		actor.Service:  {actor.Public, actor.SignedIn, actor.Read, actor.ReadPersonal, actor.Operate, actor.Intake},
		"":             {actor.Public},
		"root":         {actor.Public},
	}
	for role, may := range want {
		var got []actor.Permission
		for _, p := range all {
			if actor.Can(role, p) {
				got = append(got, p)
			}
		}
		require.Equal(t, may, got, "role %q", role)
	}
	for _, r := range actor.Roles() {
		require.True(t, r.Valid())
	}
}

// The context carries the actor; an empty context carries nobody, who may do nothing.
func TestContext(t *testing.T) {
	t.Parallel()
	a := actor.Actor{ID: 7, Kind: actor.User, Email: "mei@example.com", Role: actor.Operator}
	require.Equal(t, a, actor.From(actor.With(t.Context(), a)))
	nobody := actor.From(t.Context())
	require.False(t, nobody.Known())
	require.False(t, nobody.Can(actor.SignedIn))
	require.Equal(t, []string{"mei@example.com", "key: shop", "system", ""}, []string{
		a.Label(), actor.Actor{Kind: actor.Key, Name: "shop"}.Label(), actor.Itself().Label(), nobody.Label(),
	})
}
