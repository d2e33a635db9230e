package settings_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/settings"
)

func open(t testing.TB, db *state.DB) (*settings.Service, *define.Service) {
	t.Helper()
	trail, err := audit.New(t.Context(), db)
	require.NoError(t, err)
	log := slog.New(slog.DiscardHandler)
	defs, err := define.New(t.Context(), db, trail, log)
	require.NoError(t, err)
	s, err := settings.New(t.Context(), defs, log)
	require.NoError(t, err)
	return s, defs
}

// A new pool has the defaults; a change is in force at once, also after a restart, and can be rolled back.
func TestSettingsChange(t *testing.T) {
	t.Parallel()
	statetest.Each(t, func(t *testing.T, db *state.DB) {
		ctx := actor.With(t.Context(), actor.Itself())
		s, defs := open(t, db)
		require.Equal(t, settings.Defaults(), s.Get())
		require.Equal(t, "Asia/Shanghai", s.Location().String())
		next := s.Get()
		next.TimeZone, next.Currency, next.Region = "Europe/London", "GBP", "GB"
		version, err := s.Put(ctx, next, 1, "moved")
		require.NoError(t, err)
		require.EqualValues(t, 2, version)
		require.Equal(t, next, s.Get())
		require.Equal(t, "Europe/London", s.Location().String())
		again, _ := open(t, db)
		require.Equal(t, next, again.Get())
		_, err = s.Put(ctx, settings.Defaults(), 1, "")
		require.Equal(t, fault.Stale, fault.KindOf(err))
		_, err = defs.Rollback(ctx, define.RollbackInput{Kind: settings.Kind, Key: settings.Key, Version: 1})
		require.NoError(t, err)
		require.Equal(t, settings.Defaults(), s.Get())
	})
}

// Each setting has its limits, and each broken one is named.
func TestValidate(t *testing.T) {
	t.Parallel()
	require.NoError(t, settings.Defaults().Validate())
	var f *fault.Error
	require.ErrorAs(t, settings.Settings{TimeZone: "Local", Currency: "yuan", Region: "XX", ActiveDays: 366, QuarantineAfter: 1}.Validate(), &f)
	var fields []string
	for _, v := range f.Violations {
		fields = append(fields, v.Field)
	}
	require.Equal(t, []string{
		"body.name", "body.time_zone", "body.currency", "body.region", "body.active_days", "body.quarantine_after", "body.reject_retention_days",
	}, fields)
	_, defs := open(t, statetest.SQLite(t))
	_, err := defs.Put(actor.With(t.Context(), actor.Itself()), define.PutInput{Kind: settings.Kind, Key: "other", Spec: settings.Defaults()})
	require.Equal(t, "settings.invalid", fault.CodeOf(err))
}

// The operations: everybody reads, owners change, the ETag keeps two of them from overwriting each other.
func TestOverHTTP(t *testing.T) {
	t.Parallel()
	s, _ := open(t, statetest.SQLite(t))
	srv := apitest.Start(t, s.Routes)
	srv.NobodyEnters(t)
	got := srv.Do(t, apitest.Call{As: "analyst", Path: "/settings"})
	require.Equal(t, `"v1"`, got.Header.Get("ETag"))
	next := settings.Defaults()
	next.ActiveDays = 60
	broken := next
	broken.TimeZone = "Mars"
	type call = apitest.Call
	match := func(v int64) map[string]string { return map[string]string{"If-Match": httpapi.ETag(v)} }
	srv.Run(t, []apitest.Case{
		{Name: "read", Call: call{As: "analyst", Path: "/settings"}, Status: 200, Has: []string{`"active_days":30`}},
		{Name: "operator", Call: call{As: "operator", Method: "PUT", Path: "/settings", Body: next}, Status: 403},
		{Name: "broken", Call: call{As: "owner", Method: "PUT", Path: "/settings", Body: broken, Header: match(1)}, Status: 422, Has: []string{"body.time_zone"}},
		{Name: "owner", Call: call{As: "owner", Method: "PUT", Path: "/settings", Body: next, Header: match(1)}, Status: 200, Has: []string{`"active_days":60`}},
		{Name: "too late", Call: call{As: "owner", Method: "PUT", Path: "/settings", Body: settings.Defaults(), Header: match(1)}, Status: 412, Has: []string{"define.stale"}},
		{Name: "in force", Call: call{As: "analyst", Path: "/settings"}, Status: 200, Has: []string{`"active_days":60`}},
	})
}
