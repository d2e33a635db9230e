package identity_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// An owner declares kinds and changes the rules of built-in ones; both count at once, survive a restart and can be taken back. What cannot
// be a kind is refused, field by field, also by way of the definitions.
func TestDeclare(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		trail, err := audit.New(t.Context(), db)
		require.NoError(t, err)
		defs, err := define.New(t.Context(), db, trail, slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		d, err := identity.NewDeclared(t.Context(), defs)
		require.NoError(t, err)
		srv := apitest.Start(t, func(api *httpapi.API) { d.Routes(api); defs.Routes(api) })
		srv.NobodyEnters(t)
		put := func(as, kind, body string) apitest.Call {
			return apitest.Call{As: as, Method: "PUT", Path: "/identity-kinds/" + kind, Body: body}
		}
		srv.Run(t, []apitest.Case{
			{Name: "the built-in ones, the strongest first", Call: apitest.Call{As: "analyst", Path: "/identity-kinds"}, Status: 200, Has: []string{`"items":[{"kind":"user_id"`, `"kind":"anonymous_id"`}},
			{Name: "operators do not declare", Call: put("operator", "crm_id", `{"title":"CRM","unique":true,"strong":true,"merges":true}`), Status: 403},
			{Name: "a new kind", Call: put("owner", "crm_id", `{"title":"CRM","unique":true,"strong":true,"merges":true,"trait":"crm"}`), Status: 200, Has: []string{`"builtin":false`, `"rank":100`, `"title_zh":"CRM"`}},
			{Name: "a weak one", Call: put("owner", "tv", `{"title":"TV","unique":false,"strong":false,"merges":true}`), Status: 200, Has: []string{`"rank":850`}},
			{Name: "weak but high", Call: put("owner", "tv", `{"title":"TV","unique":false,"strong":false,"merges":true,"rank":50}`), Status: 422, Has: []string{"body.rank"}},
			{Name: "a bad name", Call: put("owner", "CRM-ID", `{"title":"CRM","unique":true,"strong":true,"merges":true}`), Status: 422, Has: []string{"body.kind"}},
			{Name: "no title", Call: put("owner", "crm_id", `{"title":"","unique":true,"strong":true,"merges":true}`), Status: 422, Has: []string{"body.title"}},
			{Name: "stricter phones", Call: put("owner", "phone", `{"title":"Phone","unique":true,"strong":true,"merges":true,"trait":"phone","rank":60}`), Status: 200, Has: []string{`"builtin":true`}},
		})
		check := func(d *identity.Declared, unique bool) {
			t.Helper()
			crm, ok := d.Kinds().Find("crm_id")
			require.True(t, ok && crm.Strong && !crm.Builtin)
			phone, _ := d.Kinds().Find("phone")
			require.Equal(t, unique, phone.Unique)
			ids, problems := d.Kinds().FromTraits([]byte(`{"crm":" 7 "}`), "CN")
			require.Empty(t, problems)
			require.Equal(t, "crm_id", ids[0].Kind)
		}
		check(d, true)
		restarted, err := define.New(t.Context(), db, trail, slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		again, err := identity.NewDeclared(t.Context(), restarted)
		require.NoError(t, err)
		check(again, true)
		srv.Run(t, []apitest.Case{
			{Name: "looser again", Call: put("owner", "phone", `{"title":"Phone","unique":false,"strong":true,"merges":true,"trait":"phone","rank":60}`), Status: 200},
			{Name: "and back", Call: apitest.Call{As: "owner", Method: "POST", Path: "/definitions/identity_kind/phone/rollback", Body: `{"version":1}`}, Status: 200},
		})
		check(d, true)
	})
}
