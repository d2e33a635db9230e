package event

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of the stored form. They are the log's format: add, never renumber. It is the protobuf wire format of
//
//	message Event {
//	  string id = 1; uint32 type = 2; string name = 3; sint64 time = 4; sint64 received = 5; int64 source = 6;
//	  int64 import = 7; int64 rows = 8; repeated Identity identities = 9; bytes properties = 10; bytes traits = 11; bytes context = 12;
//	}
//	message Identity { string kind = 1; string scope = 2; string value = 3; }
//	message Batch { repeated Event events = 1; }
const (
	fID, fType, fName, fTime, fReceived, fSource, fImport, fRows = 1, 2, 3, 4, 5, 6, 7, 8
	fIdentity, fProperties, fTraits, fContext                    = 9, 10, 11, 12
	fKind, fScope, fValue                                        = 1, 2, 3
	fEvent                                                       = 1
)

// Append adds the stored form of the event to a batch, the body of a log record. Batches can be concatenated.
func Append(batch []byte, e *Event) []byte {
	batch = protowire.AppendTag(batch, fEvent, protowire.BytesType)
	// The length goes in front: leave its place (at most 5 bytes), write, then close the gap.
	at := len(batch)
	batch = append(batch, 0, 0, 0, 0, 0)
	batch = appendFields(batch, e)
	size := len(batch) - at - 5
	n := protowire.SizeVarint(uint64(size)) //nolint:gosec // not negative
	copy(batch[at+n:], batch[at+5:])
	batch = batch[:at+n+size]
	protowire.AppendVarint(batch[:at], uint64(size)) //nolint:gosec // not negative
	return batch
}

func appendFields(b []byte, e *Event) []byte {
	b = appendString(b, fID, e.ID)
	b = appendNumber(b, fType, uint64(e.Type))
	b = appendString(b, fName, e.Name)
	b = appendNumber(b, fTime, protowire.EncodeZigZag(e.Time))
	b = appendNumber(b, fReceived, protowire.EncodeZigZag(e.Received))
	b = appendNumber(b, fSource, uint64(e.Source)) //nolint:gosec // ids are not negative
	b = appendNumber(b, fImport, uint64(e.Import)) //nolint:gosec // ids are not negative
	b = appendNumber(b, fRows, uint64(e.Rows))     //nolint:gosec // counts are not negative
	for _, i := range e.Identities {
		b = protowire.AppendTag(b, fIdentity, protowire.BytesType)
		size := sizeString(i.Kind) + sizeString(i.Scope) + sizeString(i.Value)
		b = protowire.AppendVarint(b, uint64(size)) //nolint:gosec // not negative
		b = appendString(b, fKind, i.Kind)
		b = appendString(b, fScope, i.Scope)
		b = appendString(b, fValue, i.Value)
	}
	b = appendBytes(b, fProperties, e.Properties)
	b = appendBytes(b, fTraits, e.Traits)
	return appendBytes(b, fContext, e.Context)
}

func sizeString(s string) int {
	if s == "" {
		return 0
	}
	return 1 + protowire.SizeBytes(len(s))
}

func appendString(b []byte, f protowire.Number, s string) []byte {
	if s == "" {
		return b
	}
	return protowire.AppendString(protowire.AppendTag(b, f, protowire.BytesType), s)
}

func appendBytes(b []byte, f protowire.Number, s []byte) []byte {
	if len(s) == 0 {
		return b
	}
	return protowire.AppendBytes(protowire.AppendTag(b, f, protowire.BytesType), s)
}

func appendNumber(b []byte, f protowire.Number, n uint64) []byte {
	if n == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, f, protowire.VarintType), n)
}

// Decode reads all events of a batch and appends them to into. Byte fields point into batch. Unknown fields are skipped.
func Decode(into []Event, batch []byte) ([]Event, error) {
	err := fields(batch, func(f protowire.Number, _ uint64, b []byte) error {
		if f != fEvent {
			return nil
		}
		var e Event
		if err := e.decode(b); err != nil {
			return err
		}
		into = append(into, e)
		return nil
	})
	return into, err
}

// DecodeEach reads all events of a batch that can be read and that check accepts, and appends them to into. Each other goes to refuse: its
// bytes, the event as far as it could be read, and why. What follows a place where the batch itself is broken cannot be parted into
// events and is refused as one.
func DecodeEach(into []Event, batch []byte, check func(*Event) error, refuse func(raw []byte, e *Event, why error)) []Event {
	for len(batch) > 0 {
		f, typ, k := protowire.ConsumeTag(batch)
		size := 0
		if k >= 0 {
			size = protowire.ConsumeFieldValue(f, typ, batch[k:])
		}
		if k < 0 || size < 0 {
			refuse(batch, nil, invalid("event.unreadable", "the event log holds bytes here that are no event; send the events again"))
			return into
		}
		raw := batch[k : k+size]
		batch = batch[k+size:]
		if f != fEvent || typ != protowire.BytesType {
			continue
		}
		raw, _ = protowire.ConsumeBytes(raw)
		var e Event
		if err := e.decode(raw); err != nil {
			refuse(raw, &e, invalid("event.unreadable", "the event cannot be read to its end; send it again"))
			continue
		}
		if err := check(&e); err != nil {
			refuse(raw, &e, err)
			continue
		}
		into = append(into, e)
	}
	return into
}

func (e *Event) decode(b []byte) error {
	return fields(b, func(f protowire.Number, n uint64, b []byte) error {
		switch f {
		case fID:
			e.ID = string(b)
		case fType:
			e.Type = Type(n) //nolint:gosec // written by Append
		case fName:
			e.Name = string(b)
		case fTime:
			e.Time = protowire.DecodeZigZag(n)
		case fReceived:
			e.Received = protowire.DecodeZigZag(n)
		case fSource:
			e.Source = int64(n) //nolint:gosec // written by Append
		case fImport:
			e.Import = int64(n) //nolint:gosec // written by Append
		case fRows:
			e.Rows = int64(n) //nolint:gosec // written by Append
		case fIdentity:
			var i Identity
			err := fields(b, func(f protowire.Number, _ uint64, b []byte) error {
				switch f {
				case fKind:
					i.Kind = string(b)
				case fScope:
					i.Scope = string(b)
				case fValue:
					i.Value = string(b)
				}
				return nil
			})
			e.Identities = append(e.Identities, i)
			return err
		case fProperties:
			e.Properties = b
		case fTraits:
			e.Traits = b
		case fContext:
			e.Context = b
		}
		return nil
	})
}

// fields calls do for each field: number and n for a varint, number and b for bytes.
func fields(b []byte, do func(f protowire.Number, n uint64, b []byte) error) error {
	for len(b) > 0 {
		f, typ, k := protowire.ConsumeTag(b)
		if k < 0 {
			return fmt.Errorf("event is damaged: %w", protowire.ParseError(k))
		}
		b = b[k:]
		var n uint64
		var v []byte
		switch typ { //nolint:exhaustive // other types are skipped
		case protowire.VarintType:
			n, k = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			v, k = protowire.ConsumeBytes(b)
		default:
			k = protowire.ConsumeFieldValue(f, typ, b)
		}
		if k < 0 {
			return fmt.Errorf("event is damaged: field %d: %w", f, protowire.ParseError(k))
		}
		b = b[k:]
		if err := do(f, n, v); err != nil {
			return err
		}
	}
	return nil
}
