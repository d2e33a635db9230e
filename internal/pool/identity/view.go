package identity

import (
	"time"

	"github.com/huoshui/huoshui/internal/base/state"
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
	Kind      string     `json:"kind"       enum:"link,merge,kept,unmerge,quarantine"`
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

// Mask hides a personal value, also one that is used as a user id.
func (v *View) Mask() { v.Value = maskValue(v.Kind, v.Value) }

func maskValue(kind, value string) string {
	if Personal(kind) {
		return Mask(kind, value)
	}
	return MaskText(value)
}

func (e *End) mask() { e.Value = maskValue(e.Kind, e.Value) }

// Mask hides personal values.
func (e *EdgeView) Mask() { e.A.mask(); e.B.mask() }

// Mask hides personal values.
func (c *ConflictView) Mask() {
	c.A.mask()
	c.B.mask()
	c.On.AValue, c.On.BValue = maskValue(c.On.Kind, c.On.AValue), maskValue(c.On.Kind, c.On.BValue)
}
