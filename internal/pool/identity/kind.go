// Package identity decides who is who.
//
// Every identity (a typed key such as a phone number or a cookie's anonymous id) is a node with a dense number. An event that carries
// several identities links their nodes; a link is an edge with its event, time and reason. A person is a connected component and its
// number is the smallest node number in it. Merging is adding an edge and unmerging is cutting one, so both are exact and neither
// needs a replay: each event belongs to one node, its anchor, and a person is the sum of its nodes.
//
// Guards keep people apart: two people with different values of a kind that a person has only one of are never joined by machine
// (the conflict is recorded for an operator), a weak key seen with many people is a shared device and quarantined, and what an
// operator has cut stays cut.
package identity

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Kind declares a kind of identity and its rules.
type Kind struct {
	Kind    string `json:"kind"`
	Title   string `json:"title"`
	TitleZH string `json:"title_zh"`
	// Unique: a person has at most one value (per scope).
	Unique bool `json:"unique"`
	// Strong: the value belongs to one human; weak ones (cookies, devices) may be shared.
	Strong bool `json:"strong"`
	// Merges: seeing the value on two people may join them; otherwise it only attaches to the first.
	Merges  bool `json:"merges"`
	Builtin bool `json:"builtin"`
	// Trait names the trait that carries values of this kind in identify calls; empty for none.
	Trait string `json:"trait"`
	// Rank orders kinds; the anchor of an event is its identity with the least rank.
	Rank int `json:"rank"`
}

// Kinds is an immutable set of declared kinds.
type Kinds struct {
	byName map[string]Kind
	traits []Kind // those with a trait, by rank
}

// NewKinds makes a set of the built-in kinds and the declared ones; a declared one replaces a built-in of the same name.
func NewKinds(declared ...Kind) Kinds {
	ks := Kinds{byName: map[string]Kind{}}
	for _, k := range builtin() {
		k.Builtin = true
		ks.byName[k.Kind] = k
	}
	for _, k := range declared {
		k.Builtin = ks.byName[k.Kind].Builtin
		ks.byName[k.Kind] = k
	}
	for _, k := range ks.All() {
		if k.Trait != "" {
			ks.traits = append(ks.traits, k)
		}
	}
	return ks
}

func builtin() []Kind {
	return []Kind{
		{Kind: event.UserID, Title: "User ID", TitleZH: "用户号", Unique: true, Strong: true, Merges: true, Rank: 10},
		{Kind: event.MemberNo, Title: "Member number", TitleZH: "会员号", Unique: true, Strong: true, Merges: true, Rank: 20, Trait: "member_no"},
		{Kind: event.UnionID, Title: "WeChat UnionID", TitleZH: "微信 UnionID", Unique: true, Strong: true, Merges: true, Rank: 30, Trait: "unionid"},
		{Kind: event.ExternalUserID, Title: "WeCom external contact", TitleZH: "企业微信外部联系人", Unique: true, Strong: true, Merges: true, Rank: 40},
		{Kind: event.OpenID, Title: "WeChat OpenID", TitleZH: "微信 OpenID", Unique: true, Strong: true, Merges: true, Rank: 50},
		{Kind: event.Phone, Title: "Phone", TitleZH: "手机号", Strong: true, Merges: true, Rank: 60, Trait: "phone"},
		{Kind: event.Email, Title: "E-mail", TitleZH: "邮箱", Strong: true, Merges: true, Rank: 70, Trait: "email"},
		{Kind: event.DeviceID, Title: "Device", TitleZH: "设备", Merges: true, Rank: 800},
		{Kind: event.AnonymousID, Title: "Anonymous ID", TitleZH: "匿名号", Merges: true, Rank: 900},
	}
}

// undeclaredRank puts kinds that nobody declared behind the strong ones and before the weak ones; they are strong, may be many, and
// only attach: a key whose meaning we do not know never merges people.
const undeclaredRank = 700

// Find gives the kind's declaration, or the careful rules for a kind that was never declared.
func (ks Kinds) Find(kind string) (Kind, bool) {
	k, ok := ks.byName[kind]
	if !ok {
		k = Kind{Kind: kind, Title: kind, TitleZH: kind, Strong: true, Rank: undeclaredRank}
	}
	return k, ok
}

// All lists the declared kinds by rank.
func (ks Kinds) All() []Kind {
	all := make([]Kind, 0, len(ks.byName))
	for _, k := range ks.byName {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b Kind) int { return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Kind, b.Kind)) })
	return all
}

// Sort puts the strongest identity, the anchor, first. The order of equal ranks is by value, so that it never depends on the sender.
func (ks Kinds) Sort(ids []event.Identity) []event.Identity {
	if len(ids) < 2 {
		return ids
	}
	slices.SortFunc(ids, func(a, b event.Identity) int {
		ka, _ := ks.Find(a.Kind)
		kb, _ := ks.Find(b.Kind)
		return cmp.Or(cmp.Compare(ka.Rank, kb.Rank), a.Compare(b))
	})
	return slices.Compact(ids)
}

// FromTraits finds the identities among traits (a raw JSON object): phone, e-mail and the declared ones. A value that cannot be
// normalised is no identity; problems say why, one code per trait such as "phone.invalid".
func (ks Kinds) FromTraits(traits []byte, region string) (ids []event.Identity, problems []string) {
	if len(traits) < 3 {
		return nil, nil
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(traits, &raw); err != nil {
		return nil, []string{"traits.invalid"}
	}
	for _, k := range ks.traits {
		v, ok := raw[k.Trait]
		if !ok {
			continue
		}
		text := scalar(v)
		if text == "" {
			continue
		}
		value, err := Normalize(k.Kind, text, region)
		if err != nil {
			problems = append(problems, k.Kind+".invalid")
			continue
		}
		ids = append(ids, event.Identity{Kind: k.Kind, Value: value})
	}
	return ids, problems
}

// scalar is a JSON string or number as text, empty for anything else.
func scalar(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(v, &n) == nil {
		return n.String()
	}
	return ""
}
