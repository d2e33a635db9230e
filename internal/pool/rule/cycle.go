package rule

import (
	"maps"
	"slices"
)

// Cycle finds a circle in who stands on whom (see Refs.On) and gives its path, first and last the same; nil if there is none. Names that stand on
// nothing need not be in the map.
func Cycle(on map[string][]string) []string {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var path []string
	var visit func(string) []string
	visit = func(name string) []string {
		switch state[name] {
		case done:
			return nil
		case open:
			return append(slices.Clone(path[slices.Index(path, name):]), name)
		}
		state[name] = open
		path = append(path, name)
		for _, next := range slices.Sorted(slices.Values(on[name])) {
			if found := visit(next); found != nil {
				return found
			}
		}
		path = path[:len(path)-1]
		state[name] = done
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(on)) {
		if found := visit(name); found != nil {
			return found
		}
	}
	return nil
}
