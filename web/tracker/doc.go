// Package tracker holds the built browser tracker t.js, so that the binary
// serves it from the brand's own address. Its TypeScript source is in src.
package tracker
