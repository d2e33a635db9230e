package identity

import (
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// View is an identity as pages show it.
type View struct {
	ID       int64  `json:"id"`
	Kind     string `json:"kind"`
	Scope    string `json:"scope"`
	Value    string `json:"value"`
	Strength string `json:"strength" enum:"strong,weak"`
	State    string `json:"state"    enum:"active,quarantined"`
}

// End is one end of a link.
type End struct {
	ID     int64  `json:"id"`
	Kind   string `json:"kind"`
	Scope  string `json:"scope"`
	Value  string `json:"value"`
	Person int64  `json:"person"`
}

// EdgeView is a link with its story.
type EdgeView struct {
	ID        int64      `json:"id"`
	At        time.Time  `json:"at"`
	Kind      string     `json:"kind"       enum:"link,merge,unmerge,quarantine"`
	A         End        `json:"a"`
	B         End        `json:"b"`
	Reason    string     `json:"reason"`
	EventID   string     `json:"event_id"`
	Author    string     `json:"author"`
	Active    bool       `json:"active"`
	CutAt     *time.Time `json:"cut_at"`
	CutReason string     `json:"cut_reason"`
	CutAuthor string     `json:"cut_author"`
}

// Difference is what two people differ in, so that they were not merged.
type Difference struct {
	Kind   string `json:"kind"`
	AValue string `json:"a_value"`
	BValue string `json:"b_value"`
}

// ConflictView is a place where a guard said no.
type ConflictView struct {
	ID      int64      `json:"id"`
	At      time.Time  `json:"at"`
	Kind    string     `json:"kind"     enum:"different_user,unique_value,cut_before,shared_device"`
	A       End        `json:"a"`
	B       End        `json:"b"`
	On      Difference `json:"on"`
	EventID string     `json:"event_id"`
	Seen    int64      `json:"seen"`
	State   string     `json:"state"    enum:"open,merged,dismissed"`
	Author  string     `json:"author"`
}

func (e *Edge) view(ends map[int64]End) EdgeView {
	v := EdgeView{
		ID: e.ID, At: state.Time(e.At), Kind: e.Kind, A: ends[e.A], B: ends[e.B], Reason: e.Reason, EventID: e.EventID, Author: e.Author,
		Active: e.CutAt == 0, CutAt: state.TimePtr(e.CutAt), CutReason: e.CutReason, CutAuthor: e.CutAuthor,
	}
	if e.CutAt != 0 {
		v.Kind = "unmerge"
		if e.CutAuthor == "" {
			v.Kind = "quarantine"
		}
	}
	return v
}

// Mask hides most of a value of a personal kind ("phone", "email", …), keeping enough to tell two apart.
func Mask(kind, v string) string {
	r := []rune(v)
	switch {
	case v == "":
		return ""
	case kind == event.Email:
		name, domain, _ := strings.Cut(v, "@")
		first := []rune(name)
		return string(first[:min(1, len(first))]) + "***@" + domain
	case len(r) > 7:
		return string(r[:len(r)-8]) + "****" + string(r[len(r)-4:])
	}
	return string(r[:1]) + "***"
}

// Personal says whether values of a kind are personal data that roles without the permission see masked.
func Personal(kind string) bool { return kind == event.Phone || kind == event.Email }

func (e *End) mask() {
	if Personal(e.Kind) {
		e.Value = Mask(e.Kind, e.Value)
	}
}

// Mask hides personal values.
func (e *EdgeView) Mask() { e.A.mask(); e.B.mask() }

// Mask hides personal values.
func (c *ConflictView) Mask() {
	c.A.mask()
	c.B.mask()
	if Personal(c.On.Kind) {
		c.On.AValue, c.On.BValue = Mask(c.On.Kind, c.On.AValue), Mask(c.On.Kind, c.On.BValue)
	}
}
