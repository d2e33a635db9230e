package timeline

import "math/bits"

// bitmap is a set of small numbers with a directory, so that the ones before a place are counted in a few instructions.
type bitmap struct {
	words []uint64
	ranks []uint32 // ones before every fourth word; one more than needed, so that the last is the number of all
}

const wordsPerRank = 4

func newBitmap(n int) bitmap { return bitmap{words: make([]uint64, (n+63)/64)} }

func (b *bitmap) has(i uint32) bool { return b.words[i>>6]>>(i&63)&1 != 0 }

func (b *bitmap) set(i uint32) { b.words[i>>6] |= 1 << (i & 63) }

// rank is how many ones there are before i.
func (b *bitmap) rank(i uint32) uint32 {
	w := i >> 6
	r := b.ranks[w/wordsPerRank]
	for k := w / wordsPerRank * wordsPerRank; k < w; k++ {
		r += uint32(bits.OnesCount64(b.words[k]))
	}
	if rest := i & 63; rest != 0 {
		r += uint32(bits.OnesCount64(b.words[w] << (64 - rest)))
	}
	return r
}

// count builds the directory and gives the number of ones.
func (b *bitmap) count() uint32 {
	b.ranks = make([]uint32, 0, len(b.words)/wordsPerRank+1)
	n := uint32(0)
	for i, w := range b.words {
		if i%wordsPerRank == 0 {
			b.ranks = append(b.ranks, n)
		}
		n += uint32(bits.OnesCount64(w))
	}
	if len(b.words)%wordsPerRank == 0 {
		b.ranks = append(b.ranks, n)
	}
	return n
}

// sound says whether a bitmap that was read is one of n places with a right directory, and how many ones it has.
func (b *bitmap) sound(n uint64) (ones uint32, ok bool) {
	if uint64(len(b.words)) != (n+63)/64 || len(b.ranks) != len(b.words)/wordsPerRank+1 {
		return 0, false
	}
	for i, w := range b.words {
		if i%wordsPerRank == 0 && b.ranks[i/wordsPerRank] != ones {
			return 0, false
		}
		ones += uint32(bits.OnesCount64(w))
	}
	if n%64 != 0 && b.words[n/64]>>(n%64) != 0 {
		return 0, false
	}
	return ones, len(b.words)%wordsPerRank != 0 || b.ranks[len(b.ranks)-1] == ones
}

// word is the 64 bits from place i on; what is beyond the end is zero.
func (b *bitmap) word(i uint32) uint64 {
	w, shift := int(i>>6), i&63
	if w >= len(b.words) {
		return 0
	}
	x := b.words[w] >> shift
	if shift != 0 && w+1 < len(b.words) {
		x |= b.words[w+1] << (64 - shift)
	}
	return x
}

// bitWriter writes a bitmap and its directory piece by piece.
type bitWriter struct {
	words, ranks *sectionWriter
	word         uint64
	fill         uint32
	count        uint32 // words written
	ones         uint32
}

// sizes are the bytes of the two sections for n places.
func bitSizes(n uint32) (words, ranks int64) {
	w := (int64(n) + 63) / 64
	return w * 8, (w/wordsPerRank + 1) * 4
}

// add appends the lowest n bits of w; the others must be zero, and n at most 64.
func (b *bitWriter) add(w uint64, n uint32) {
	b.word |= w << b.fill
	if b.fill+n < 64 {
		b.fill += n
		return
	}
	b.emit(b.word)
	used := 64 - b.fill
	b.fill = n - used
	b.word = 0
	if used < 64 {
		b.word = w >> used
	}
}

func (b *bitWriter) emit(w uint64) {
	if b.count%wordsPerRank == 0 {
		b.ranks.add(raw([]uint32{b.ones}))
	}
	b.words.add(raw([]uint64{w}))
	b.count++
	b.ones += uint32(bits.OnesCount64(w))
}

func (b *bitWriter) finish() {
	if b.fill > 0 {
		b.emit(b.word)
	}
	if b.count%wordsPerRank == 0 {
		b.ranks.add(raw([]uint32{b.ones}))
	}
}
