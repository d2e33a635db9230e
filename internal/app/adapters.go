package app

import (
	"time"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/settings"
)

// intakeKinds is the pool's identity kinds as the intake asks for them.
type intakeKinds struct {
	identity.Kinds
	region string
}

// Known says whether a kind is declared.
func (k intakeKinds) Known(kind string) bool { _, ok := k.Find(kind); return ok }

// Normal is the one form of a value.
func (k intakeKinds) Normal(kind, value string) (string, error) {
	return identity.Normalize(kind, value, k.region)
}

// FromTraits finds the identities among traits.
func (k intakeKinds) FromTraits(traits []byte) ([]event.Identity, []string) {
	return k.Kinds.FromTraits(traits, k.region)
}

// poolSettings are the settings as insight asks for them.
type poolSettings struct{ *settings.Service }

// Currency of the pool.
func (s poolSettings) Currency() string { return s.Get().Currency }

// Location is the zone in which days are counted.
func (s poolSettings) Location() *time.Location { return s.Service.Location() }

// ActiveDays is how long somebody counts as active.
func (s poolSettings) ActiveDays() int { return s.Get().ActiveDays }
