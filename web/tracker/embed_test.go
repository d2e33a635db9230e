//go:build assets

package tracker

import (
	"bytes"
	"testing"
)

// The embedded file is the built tracker, not a source file or an empty one.
func TestScriptIsTheBuiltTracker(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"/* huoshui.js ", "/v1/batch", "sendBeacon"} {
		if !bytes.Contains(Script(), []byte(want)) {
			t.Errorf("t.js does not contain %q", want)
		}
	}
}
