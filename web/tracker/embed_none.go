//go:build !assets

package tracker

// Script returns nil: this binary was built without the tag "assets", so that
// Go builds and tests need no Node.
func Script() []byte { return nil }
