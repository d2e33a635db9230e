// Package settings holds what is true for the whole pool: its name, the zone in which days are counted, the currency of its numbers, the
// region whose phone numbers need no country code, and the limits by which people count as active or devices as shared.
//
// The settings are one definition (kind "settings", key "pool"), so they have a history and can be rolled back. A copy in memory serves
// every reader.
package settings

import (
	"encoding/json"
	"strings"
	"time"
	_ "time/tzdata" // zones also where the machine has none

	"github.com/nyaruka/phonenumbers"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/money"
)

// Kind and Key name the definition.
const (
	Kind = "settings"
	Key  = "pool"
)

// Settings are the pool's settings.
type Settings struct {
	Name                string `json:"name"                  doc:"Of the pool, as its people see it"`
	TimeZone            string `json:"time_zone"             doc:"In which days and hours are counted"                                            example:"Asia/Shanghai"`
	Currency            string `json:"currency"              doc:"Of amounts that come without one"                                               example:"CNY"`
	Region              string `json:"region"                doc:"Of phone numbers without a country code"                                        example:"CN"`
	ActiveDays          int    `json:"active_days"           doc:"Who did something in so many days, today included, is active"`
	QuarantineAfter     int    `json:"quarantine_after"      doc:"A weak identity that would join more than so many known people is quarantined"`
	RejectRetentionDays int    `json:"reject_retention_days" doc:"So long rejected events are kept"`
}

// Defaults are the settings of a new pool.
func Defaults() Settings {
	return Settings{
		Name: "活水", TimeZone: "Asia/Shanghai", Currency: "CNY", Region: "CN", ActiveDays: 30, QuarantineAfter: 3, RejectRetentionDays: 30,
	}
}

// Validate says what is wrong with the settings.
func (s Settings) Validate() error {
	var c fault.Check
	c.That(strings.TrimSpace(s.Name) != "" && len(s.Name) <= 200, "body.name", "give a name of at most 200 bytes")
	_, err := time.LoadLocation(s.TimeZone)
	c.That(err == nil && s.TimeZone != "" && s.TimeZone != "Local", "body.time_zone", "take a zone of the IANA list, e.g. Asia/Shanghai")
	c.That(money.ValidCurrency(s.Currency), "body.currency", "take an ISO 4217 code, e.g. CNY")
	c.That(phonenumbers.GetSupportedRegions()[s.Region], "body.region", "take an ISO 3166 code of a country, e.g. CN")
	c.That(s.ActiveDays >= 1 && s.ActiveDays <= 365, "body.active_days", "take 1 to 365 days")
	c.That(s.QuarantineAfter >= 2 && s.QuarantineAfter <= 1000, "body.quarantine_after", "take 2 to 1000 people")
	c.That(s.RejectRetentionDays >= 1 && s.RejectRetentionDays <= 3650, "body.reject_retention_days", "take 1 to 3650 days")
	return c.Err("settings.invalid", "the settings cannot be saved; see errors")
}

// parse reads stored settings. What an older version of the program did not know has its default.
func parse(spec json.RawMessage) (Settings, error) {
	s := Defaults()
	err := json.Unmarshal(spec, &s)
	return s, err
}
