package apply_test

import (
	"flag"
	"os"
	"testing"
)

// The property tests here run whole pools, so by default they try fewer streams than rapid would. Thousands:
// go test ./internal/pool/apply -run 'Rules|Batches|AnyOrder|Undoes' -rapid.checks 3000
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", "15"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
