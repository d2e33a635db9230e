package insight

import (
	"container/list"
	"sync"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
)

const (
	keepAnswers = 128
	keepPeople  = 64
)

// kept are answers that were given a moment ago, and people behind numbers that somebody pages through. Whoever uses them changes nothing in them.
type kept struct {
	mu      sync.Mutex
	answers shelf[string, any]
	people  shelf[string, *roaring64.Bitmap]
}

func newKept() *kept {
	return &kept{answers: newShelf[string, any](keepAnswers), people: newShelf[string, *roaring64.Bitmap](keepPeople)}
}

// shelf keeps the things that were used last.
type shelf[K comparable, V any] struct {
	most  int
	order *list.List // of K, the last used first
	of    map[K]slot[V]
}

type slot[V any] struct {
	at *list.Element
	v  V
}

func newShelf[K comparable, V any](most int) shelf[K, V] {
	return shelf[K, V]{most: most, order: list.New(), of: map[K]slot[V]{}}
}

func (s *shelf[K, V]) get(k K) (v V, ok bool) {
	have, ok := s.of[k]
	if ok {
		s.order.MoveToFront(have.at)
	}
	return have.v, ok
}

func (s *shelf[K, V]) put(k K, v V) {
	if have, ok := s.of[k]; ok {
		s.order.Remove(have.at)
	}
	s.of[k] = slot[V]{s.order.PushFront(k), v}
	for s.order.Len() > s.most {
		last := s.order.Back()
		s.order.Remove(last)
		if k, ok := last.Value.(K); ok {
			delete(s.of, k)
		}
	}
}

func (k *kept) answer(key string) (any, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.answers.get(key)
}

func (k *kept) keepAnswer(key string, v any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.answers.put(key, v)
}

func (k *kept) behind(key string) (*roaring64.Bitmap, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.people.get(key)
}

func (k *kept) keepBehind(key string, people *roaring64.Bitmap) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.people.put(key, people)
}
