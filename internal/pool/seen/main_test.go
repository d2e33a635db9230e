package seen_test

import (
	"flag"
	"os"
	"testing"
)

// The property test writes and syncs files at every step, so by default it tries fewer histories than rapid would. Thousands:
// go test ./internal/pool/seen -run IsAMap -rapid.checks 3000
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", "20"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
