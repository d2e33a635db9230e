package roster

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/RoaringBitmap/roaring/v2/roaring64"
)

// Levels says who stands on which level of something that rules decide. 0 is none. Of a segment or a tag 1 is in, and a bitmap holds it; of
// a tier there are several levels, a byte per person.
type Levels struct {
	one  *roaring64.Bitmap
	many []uint8
	size [256]int64 // people on each level; of one only level 1 is used
}

// NewLevels makes an empty one, for one level or for many.
func NewLevels(many bool) *Levels {
	if many {
		return &Levels{many: []uint8{0}}
	}
	return &Levels{one: roaring64.New()}
}

// Many says whether there may be more than one level.
func (l *Levels) Many() bool { return l.one == nil }

// At is a person's level.
func (l *Levels) At(person int64) uint8 {
	if l.one != nil {
		if l.one.Contains(uint64(person)) {
			return 1
		}
		return 0
	}
	if person < int64(len(l.many)) {
		return l.many[person]
	}
	return 0
}

// Set puts a person on a level.
func (l *Levels) Set(person int64, level uint8) {
	before := l.At(person)
	if before == level {
		return
	}
	if before != 0 {
		l.size[before]--
	}
	if level != 0 {
		l.size[level]++
	}
	switch {
	case l.one != nil && level != 0:
		l.one.Add(uint64(person))
	case l.one != nil:
		l.one.Remove(uint64(person))
	default:
		l.many = reach(l.many, person)
		l.many[person] = level
	}
}

// Count is how many people stand on a level.
func (l *Levels) Count(level uint8) int64 { return l.size[level] }

// Members are the people on a level. The bitmap is the caller's.
func (l *Levels) Members(level uint8) *roaring64.Bitmap {
	if l.one != nil {
		if level == 1 {
			return l.one.Clone()
		}
		return roaring64.New()
	}
	words := make([]uint64, (len(l.many)+63)/64)
	for i, at := range l.many {
		if at == level {
			words[i>>6] |= 1 << (i & 63)
		}
	}
	if level == 0 && len(words) > 0 {
		words = make([]uint64, len(words)) // nobody is a member of nothing
	}
	return fromDense(words)
}

// Put puts many people on a level, whatever theirs was.
func (l *Levels) Put(people *roaring64.Bitmap, level uint8) {
	if l.one != nil {
		if level != 0 {
			l.one.Or(people)
		} else {
			l.one.AndNot(people)
		}
		l.size[1] = int64(l.one.GetCardinality())
		return
	}
	for it := people.Iterator(); it.HasNext(); {
		l.Set(int64(it.Next()), level)
	}
}

// fromDense makes a bitmap of dense words. Ids beyond 32 bits lie in further words.
func fromDense(words []uint64) *roaring64.Bitmap {
	const part = 1 << 26 // words of 2³² ids
	if len(words) <= part {
		if low := roaring.FromDense(words, true); !low.IsEmpty() {
			return roaring64.Roaring32AsRoaring64(low)
		}
		return roaring64.New()
	}
	all := roaring64.New()
	for i, w := range words {
		for ; w != 0; w &= w - 1 {
			all.Add(uint64(i)<<6 | uint64(bits.TrailingZeros64(w)))
		}
	}
	return all
}

// FromDense makes a bitmap of a dense set.
func FromDense(b Bits) *roaring64.Bitmap { return fromDense(b) }

// MarshalBinary writes the levels: for each level that has people its number and a roaring bitmap.
func (l *Levels) MarshalBinary() ([]byte, error) {
	b := bytes.NewBuffer([]byte{}) // never nil, which the store would take for NULL
	for level := 1; level < 256; level++ {
		if l.size[level] == 0 {
			continue
		}
		data, err := l.Members(uint8(level)).ToBytes()
		if err != nil {
			return nil, fmt.Errorf("write level %d: %w", level, err)
		}
		b.WriteByte(byte(level))
		b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(data))))
		b.Write(data)
	}
	return b.Bytes(), nil
}

var errLevels = errors.New("levels are damaged")

// UnmarshalBinary reads what MarshalBinary wrote.
func (l *Levels) UnmarshalBinary(data []byte) error {
	for len(data) > 0 {
		if len(data) < 5 {
			return errLevels
		}
		level, n := data[0], int(binary.LittleEndian.Uint32(data[1:]))
		if data = data[5:]; level == 0 || n > len(data) || l.one != nil && level != 1 {
			return errLevels
		}
		people, err := ReadBitmap(data[:n])
		if err != nil {
			return err
		}
		l.Put(people, level)
		data = data[n:]
	}
	return nil
}

// ReadBitmap reads a bitmap's bytes, which it copies.
func ReadBitmap(data []byte) (*roaring64.Bitmap, error) {
	people := roaring64.New()
	if _, err := people.ReadFrom(bytes.NewReader(data)); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read a bitmap: %w", err)
	}
	return people, nil
}

// End is one more than the greatest id that may stand anywhere.
func (l *Levels) End() int64 {
	if l.one == nil {
		return int64(len(l.many))
	}
	if l.one.IsEmpty() {
		return 0
	}
	return int64(l.one.Maximum()) + 1
}

// ViewBitmap is a bitmap over bytes that must stay as they are: for looking only.
func ViewBitmap(data []byte) (*roaring64.Bitmap, error) {
	people := roaring64.New()
	if len(data) == 0 {
		return people, nil
	}
	if _, err := people.FromUnsafeBytes(data); err != nil {
		return nil, fmt.Errorf("look at a bitmap: %w", err)
	}
	return people, nil
}
