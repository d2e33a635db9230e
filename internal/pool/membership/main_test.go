package membership_test

import (
	"flag"
	"os"
	"testing"
)

// The property test runs whole pools, so by default it tries fewer histories than rapid would. Hundreds:
// go test ./internal/pool/membership -run LiveIsSweep -rapid.checks 500
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", "25"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
