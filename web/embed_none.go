//go:build !assets

// Package web holds the built console, so that one binary serves it.
package web

import (
	"embed"
	"io/fs"
)

// Dist returns an empty file system: this binary was built without the tag
// "assets", so that Go builds and tests need no Node.
func Dist() fs.FS {
	return embed.FS{}
}
