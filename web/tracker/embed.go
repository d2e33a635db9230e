//go:build assets

package tracker

import _ "embed"

//go:embed dist/t.js
var script []byte

// Script returns the built t.js, which callers must not change. A build
// without the tag "assets" returns nil.
func Script() []byte { return script }
