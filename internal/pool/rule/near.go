package rule

import (
	"slices"
	"strings"
	"unicode"
)

// nearest are at most three of the known names that somebody who wrote this name may have meant, the likeliest first.
func nearest(name string, known []string) []string {
	type candidate struct {
		name string
		far  int
	}
	want := plainLetters(name)
	var found []candidate
	for _, k := range known {
		have := plainLetters(k)
		far := edits(want, have)
		switch {
		case len(want) >= 3 && strings.Contains(string(have), string(want)), 2*len(have) > len(want) && strings.Contains(string(want), string(have)):
			far = min(far, 1)
		case far > max(1, max(len(want), len(have))*2/5):
			continue
		}
		found = append(found, candidate{k, far})
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		if a.far != b.far {
			return a.far - b.far
		}
		return strings.Compare(a.name, b.name)
	})
	var names []string
	for _, c := range found[:min(3, len(found))] {
		names = append(names, c.name)
	}
	return names
}

// plainLetters is a name without what people mix up: case, spaces, underscores and dashes.
func plainLetters(s string) []rune {
	var out []rune
	for _, r := range s {
		if r != ' ' && r != '_' && r != '-' && len(out) < 64 {
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// edits is how many letters must be added, dropped, changed or exchanged with their neighbour to make b of a.
func edits(a, b []rune) int {
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
