package app

import (
	"context"
	"time"

	"github.com/huoshui/huoshui/internal/base/auth"
	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

func (a *App) kinds() identity.Kinds { return identity.NewKinds() }
func (a *App) currency() string      { return "CNY" }
func (a *App) region() string        { return "CN" }
func (a *App) quarantineAfter() int  { return 3 }
func (a *App) location() *time.Location {
	l, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return time.UTC
	}
	return l
}

// Currency of the pool.
func (a *App) Currency() string { return a.currency() }

// Location of the pool.
func (a *App) Location() *time.Location { return a.location() }

// ActiveDays of the pool.
func (a *App) ActiveDays() int { return 30 }

func (a *App) poolInfo() auth.Pool {
	return auth.Pool{Name: "Huoshui", TimeZone: "Asia/Shanghai", Currency: "CNY", Region: "CN", Version: Version, Demo: a.o.Demo}
}

type noRejects struct{}

func (noRejects) Put(context.Context, []reject.Item) error { return nil }

func (a *App) rejects() noRejects { return noRejects{} }

func (a *App) rejectedSince(context.Context, time.Time) (int64, error) { return 0, nil }
