//go:build !race

package shape_test

// raced says that the race detector watches.
const raced = false
