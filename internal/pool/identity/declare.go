package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"sync/atomic"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// KindDefinition is the kind of definition that declares identity kinds; the key is the kind's name.
const KindDefinition = "identity_kind"

// Validate checks a declaration.
func (k Kind) Validate() error {
	var c fault.Check
	c.That(regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`).MatchString(k.Kind), "body.kind", "the name has small letters, digits and _, and begins with a letter")
	c.That(k.Title != "" && len(k.Title) <= 100, "body.title", "give it a title of at most 100 bytes")
	c.That(len(k.TitleZH) <= 100, "body.title_zh", "keep the Chinese title below 100 bytes")
	c.That(len(k.Trait) <= 100, "body.trait", "keep the trait's name below 100 bytes")
	c.That(k.Rank >= 1 && k.Rank <= 999, "body.rank", "the rank is 1 (strongest) to 999 (weakest)")
	c.That(k.Strong || k.Rank > 100, "body.rank", "a weak kind has a rank above 100, or events would belong to shared devices")
	return c.Err("identity_kind.invalid", "this kind cannot be declared like that")
}

// Declared holds the pool's identity kinds: the built-in ones and what the brand declared, always at hand without a query.
type Declared struct {
	defs  *define.Service
	kinds atomic.Pointer[Kinds]
}

// NewDeclared reads the declarations and follows their changes.
func NewDeclared(ctx context.Context, defs *define.Service) (*Declared, error) {
	d := &Declared{defs: defs}
	defs.Declare(define.Kind{Name: KindDefinition, Edit: actor.Manage, Check: func(key string, spec json.RawMessage) error {
		var k Kind
		if err := json.Unmarshal(spec, &k); err != nil {
			return fault.Wrap(err, fault.Invalid, "identity_kind.invalid", "this is not a declaration of an identity kind")
		}
		if k.Kind != key {
			return fault.New(fault.Invalid, "identity_kind.invalid", "the kind's name cannot change")
		}
		return k.Validate()
	}})
	if err := d.read(ctx); err != nil {
		return nil, err
	}
	defs.Watch(KindDefinition, func(ctx context.Context) {
		_ = d.read(ctx) // the former kinds stay in force until the next change can be read
	})
	return d, nil
}

// Kinds is the present set.
func (d *Declared) Kinds() Kinds { return *d.kinds.Load() }

func (d *Declared) read(ctx context.Context) error {
	found, err := d.defs.List(ctx, KindDefinition)
	if err != nil {
		return fmt.Errorf("read identity kinds: %w", err)
	}
	var kinds []Kind
	for _, f := range found {
		var k Kind
		if err := json.Unmarshal(f.Spec, &k); err != nil {
			return fmt.Errorf("read identity kind %s: %w", f.Key, err)
		}
		kinds = append(kinds, k)
	}
	ks := NewKinds(kinds...)
	d.kinds.Store(&ks)
	return nil
}

// Put declares a kind, or changes its rules. What is linked already stays linked; the rules count for events from now on.
func (d *Declared) Put(ctx context.Context, k Kind) (Kind, error) {
	if err := k.Validate(); err != nil {
		return Kind{}, err
	}
	k.Builtin = false
	for _, b := range builtin() {
		if b.Kind == k.Kind {
			k.Builtin = true
		}
	}
	_, err := d.defs.Put(ctx, define.PutInput{Kind: KindDefinition, Key: k.Kind, Spec: k})
	return k, err
}

// Routes registers the room's operations.
func (d *Declared) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/identity-kinds", ID: "list-identity-kinds", Summary: "Kinds of identities and their rules, the strongest first", Tag: tag, Permission: actor.Read},
		func(context.Context, *struct{}) (*struct{ Body httpapi.Items[Kind] }, error) {
			return &struct{ Body httpapi.Items[Kind] }{httpapi.List(d.Kinds().All())}, nil
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPut, Path: "/identity-kinds/{kind}", ID: "put-identity-kind", Summary: "Declare an identity kind, or change its rules", Tag: tag, Permission: actor.Manage},
		func(ctx context.Context, in *struct {
			Kind string `path:"kind" maxLength:"64"`
			Body struct {
				Title   string `json:"title"`
				TitleZH string `json:"title_zh,omitempty"`
				Unique  bool   `json:"unique"              doc:"A person has at most one value"`
				Strong  bool   `json:"strong"              doc:"A value belongs to one human"`
				Merges  bool   `json:"merges"              doc:"Seeing a value on two people may join them"`
				Trait   string `json:"trait,omitempty"     doc:"Trait that carries values of this kind"`
				Rank    int    `json:"rank,omitempty"      doc:"1 (strongest) to 999"`
				Kind    string `json:"kind,omitempty"      doc:"As in the path"`
				Builtin bool   `json:"builtin,omitempty"   doc:"Ignored"`
			}
		},
		) (*struct{ Body Kind }, error) {
			b := in.Body
			if b.Rank == 0 {
				b.Rank = 100
				if !b.Strong {
					b.Rank = 850
				}
			}
			if b.TitleZH == "" {
				b.TitleZH = b.Title
			}
			k, err := d.Put(ctx, Kind{Kind: in.Kind, Title: b.Title, TitleZH: b.TitleZH, Unique: b.Unique, Strong: b.Strong, Merges: b.Merges, Trait: b.Trait, Rank: b.Rank})
			return &struct{ Body Kind }{k}, err
		})
}
