package membership

import (
	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// Tagged are the people who have a tag by hand, as a set of the caller's own; false as long as the engine has not read them.
func (e *Engine) Tagged(tag string) (people *roaring64.Bitmap, ok bool) {
	if !e.Ready() {
		return nil, false
	}
	e.tl.Read(func(*timeline.Reader) { people = e.roster.Marks(tag).People() })
	return people, true
}

// TaggedSize is how many people have a tag by hand; as Tagged.
func (e *Engine) TaggedSize(tag string) (people int64, ok bool) {
	if !e.Ready() {
		return 0, false
	}
	e.tl.Read(func(*timeline.Reader) { people = e.roster.Marks(tag).Len() })
	return people, true
}
