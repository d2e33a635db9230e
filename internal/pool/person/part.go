package person

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// part is what one node brought to its person. While nobody looks at it, it stays as it is stored.
type part struct {
	node   int64
	stored []byte
	fold   *Fold
}

// parts are a person's, by node number. A person whose events are all of one node, as with most, needs none: it is its only part (sole).
type parts []part

// add sums a fold into a node's part. f is not kept.
func (ps parts) add(node int64, f *Fold) (parts, error) {
	i, ok := slices.BinarySearchFunc(ps, node, func(p part, n int64) int { return cmp.Compare(p.node, n) })
	if !ok {
		c := *f
		return slices.Insert(ps, i, part{node: node, fold: &c}), nil
	}
	sum, err := ps[i].open()
	if err != nil {
		return nil, err
	}
	if err := sum.Sum(f); err != nil {
		return nil, err
	}
	ps[i].stored = nil
	return ps, nil
}

func (p *part) open() (*Fold, error) {
	if p.fold == nil {
		f, err := decodePart(p.stored)
		if err != nil {
			return nil, fmt.Errorf("read what identity %d brought: %w", p.node, err)
		}
		p.fold = f
	}
	return p.fold, nil
}

// Field numbers of the stored form of parts: the protobuf wire format of
//
//	message Parts { repeated Part parts = 1; }
//	message Part { int64 node = 1; sint64 first = 2; sint64 last = 3; int64 events = 4; int64 orders = 5; int64 cancelled = 6;
//	  sint64 revenue = 7; sint64 first_order = 8; sint64 last_order = 9; bytes traits = 10; bytes detail = 11; }
//
// Traits and detail are JSON as in the row's own columns.
const fPart, fNode, fTraits, fDetail = 1, 1, 10, 11

func (ps parts) encode() ([]byte, error) {
	var b []byte
	for i := range ps {
		p := &ps[i]
		if p.stored == nil {
			var err error
			if p.stored, err = encodePart(p.node, p.fold); err != nil {
				return nil, err
			}
		}
		b = protowire.AppendBytes(protowire.AppendTag(b, fPart, protowire.BytesType), p.stored)
	}
	return b, nil
}

func (f *Fold) numbers() []*int64 {
	return []*int64{&f.First, &f.Last, &f.Events, &f.Orders, &f.Cancelled, &f.Revenue, &f.FirstOrder, &f.LastOrder}
}

func encodePart(node int64, f *Fold) ([]byte, error) {
	traits, detail, err := f.texts()
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, 64+len(traits)+len(detail))
	b = protowire.AppendVarint(protowire.AppendTag(b, fNode, protowire.VarintType), uint64(node)) //nolint:gosec // positive
	for i, n := range f.numbers() {
		if *n != 0 {
			b = protowire.AppendVarint(protowire.AppendTag(b, protowire.Number(fNode+1+i), protowire.VarintType), protowire.EncodeZigZag(*n)) //nolint:gosec // at most 9
		}
	}
	b = protowire.AppendBytes(protowire.AppendTag(b, fTraits, protowire.BytesType), traits)
	return protowire.AppendBytes(protowire.AppendTag(b, fDetail, protowire.BytesType), detail), nil
}

func decodePart(b []byte) (*Fold, error) {
	f := &Fold{}
	numbers := f.numbers()
	var traits, detail []byte
	err := wire(b, func(field protowire.Number, n uint64, v []byte) {
		switch {
		case field > fNode && int(field) <= fNode+len(numbers):
			*numbers[field-fNode-1] = protowire.DecodeZigZag(n)
		case field == fTraits:
			traits = v
		case field == fDetail:
			detail = v
		}
	})
	if err != nil {
		return nil, err
	}
	return f, f.keep(traits, detail)
}

// decodeParts cuts the stored form into parts, without opening them.
func decodeParts(b []byte) (parts, error) {
	var ps parts
	var inner error
	err := wire(b, func(field protowire.Number, _ uint64, v []byte) {
		if field != fPart {
			return
		}
		p := part{stored: v}
		inner = errors.Join(inner, wire(v, func(field protowire.Number, n uint64, _ []byte) {
			if field == fNode {
				p.node = int64(n) //nolint:gosec // written by encodePart
			}
		}))
		ps = append(ps, p)
	})
	return ps, errors.Join(err, inner)
}

// wire calls do for each field: n for a varint, v for bytes.
func wire(b []byte, do func(field protowire.Number, n uint64, v []byte)) error {
	for len(b) > 0 {
		field, typ, k := protowire.ConsumeTag(b)
		if k < 0 {
			return protowire.ParseError(k)
		}
		b = b[k:]
		var n uint64
		var v []byte
		switch typ { //nolint:exhaustive // no other types are written
		case protowire.VarintType:
			n, k = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			v, k = protowire.ConsumeBytes(b)
		default:
			return errors.New("a field of an unknown type")
		}
		if k < 0 {
			return protowire.ParseError(k)
		}
		do(field, n, v)
		b = b[k:]
	}
	return nil
}
