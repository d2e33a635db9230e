package floors_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/floors"
)

const module = "github.com/huoshui/huoshui"

// TestRepositoryKeepsTheFloors runs the rules over every package of this repository, with and without the embedded console.
func TestRepositoryKeepsTheFloors(t *testing.T) {
	t.Parallel()
	root := repositoryRoot(t)
	for _, tags := range []string{"e2e", "e2e,assets"} {
		packages := list(t, root, tags)
		require.Greater(t, len(packages), 5, "go list found hardly any package: the check would prove nothing")
		for _, violation := range floors.Check(module, packages) {
			t.Errorf("%s (tags %s)", violation, tags)
		}
	}
}

// TestRepositoryKeepsFilesShort finds files over the limit and folders without a subject.
func TestRepositoryKeepsFilesShort(t *testing.T) {
	t.Parallel()
	violations, err := floors.CheckSources(os.DirFS(repositoryRoot(t)))
	require.NoError(t, err)
	for _, violation := range violations {
		t.Error(violation)
	}
}

// TestRepositoryDocumentsHoldTogether finds dead links and guides in one language only.
func TestRepositoryDocumentsHoldTogether(t *testing.T) {
	t.Parallel()
	violations, err := floors.CheckDocuments(os.DirFS(repositoryRoot(t)))
	require.NoError(t, err)
	for _, violation := range violations {
		t.Error(violation)
	}
}

// TestCheckCatches proves that each rule bites, and that what the rules allow passes.
func TestCheckCatches(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		from string
		to   string
		rule string // empty: allowed
	}{
		"cmd starts app":                     {"cmd/huoshui", "internal/app", ""},
		"app wires a feature":                {"internal/app", "internal/inflow/channel", ""},
		"app wires the base":                 {"internal/app", "internal/base/state", ""},
		"app embeds the console":             {"internal/app", "web", ""},
		"a feature reads the pool":           {"internal/insight/growth", "internal/pool/person", ""},
		"a feature uses the base":            {"internal/collect/segment", "internal/base/fault", ""},
		"a room's own sub-package":           {"internal/operate/carrier/wecom", "internal/operate/carrier", ""},
		"intake's own sub-package":           {"internal/collect/segment", "internal/collect", ""},
		"the pool builds on itself":          {"internal/pool/person", "internal/pool/identity", ""},
		"a room enters its wing's hall":      {"internal/insight/funnel", "internal/insight", ""},
		"a room tests with its hall's help":  {"internal/insight/funnel", "internal/insight/insighttest", ""},
		"the hall tests with its own help":   {"internal/insight", "internal/insight/insighttest", ""},
		"the base builds on itself":          {"internal/base/state", "internal/base/clock", ""},
		"another module":                     {"internal/base/state", "github.com/jackc/pgx/v5", ""},
		"a module with our name as a prefix": {"internal/base/state", "github.com/huoshui/huoshui-extra/app", ""},
		"a test of the binary":               {"e2e", "internal/pool/event", ""},

		"base knows the pool":                 {"internal/base/eventlog", "internal/pool/event", "upwards"},
		"base knows a feature":                {"internal/base/auth", "internal/insight/growth", "upwards"},
		"pool knows a feature":                {"internal/pool/person", "internal/collect", "upwards"},
		"a feature knows cmd":                 {"internal/sim", "cmd/huoshui", "upwards"},
		"two features of one stage":           {"internal/inflow/channel", "internal/inflow/entry", "sideways"},
		"a room enters another wing's hall":   {"internal/inflow/channel", "internal/insight", "sideways"},
		"the hall imports a room":             {"internal/insight", "internal/insight/funnel", "sideways"},
		"two features of two stages":          {"internal/insight/growth", "internal/collect", "sideways"},
		"the simulator calls the real intake": {"internal/sim/brand", "internal/collect/segment", "sideways"},
		"a feature imports app":               {"internal/playbook", "internal/app", "app"},
		"base imports app":                    {"internal/base/job", "internal/app", "app"},
		"a test of the binary imports app":    {"e2e", "internal/app", "app"},
		"a feature embeds the console":        {"internal/collect", "web", "web"},
		"the console's files import a room":   {"web", "internal/pool/person", "web"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := tt.to
			if !strings.Contains(to, ".") {
				to = module + "/" + to
			}
			for _, p := range []floors.Package{
				{ImportPath: module + "/" + tt.from, Name: "x", Imports: []string{"fmt", to}},
				{ImportPath: module + "/" + tt.from, Name: "x", TestImports: []string{to}},
				{ImportPath: module + "/" + tt.from, Name: "x", XTestImports: []string{"testing", to}},
			} {
				require.Equal(t, tt.rule, strings.Join(rules(floors.Check(module, []floors.Package{p})), ","))
			}
		})
	}
}

// TestCheckNeedsAPlaceAndAName: a package outside the plan or with an empty name must be noticed, not waved through.
func TestCheckNeedsAPlaceAndAName(t *testing.T) {
	t.Parallel()
	for path, rule := range map[string]string{
		"internal/marketing":     "no floor",
		"pkg/client":             "no floor",
		"internal/base/util":     "name",
		"internal/pool/helpers":  "name",
		"internal/repeat/common": "name",
		"internal/repeat/points": "",
		"internal/floors":        "",
		"web":                    "",
		"e2e":                    "",
	} {
		p := floors.Package{ImportPath: module + "/" + path, Name: filepath.Base(path)}
		require.Equal(t, rule, strings.Join(rules(floors.Check(module, []floors.Package{p})), ","), path)
	}
}

// TestCheckSourcesCatches plants long and badly named files in a made-up repository.
func TestCheckSourcesCatches(t *testing.T) {
	t.Parallel()
	text := func(head string, lines int) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(head + strings.Repeat("// x\n", lines))}
	}
	violations, err := floors.CheckSources(fstest.MapFS{
		"internal/pool/person/person.go":    text("", floors.MaxLines),
		"internal/pool/person/service.go":   text("", floors.MaxLines+1),
		"web/src/pool/People.tsx":           text("", floors.MaxLines+1),
		"web/src/api/schema.ts":             text("/**\n * This file was auto-generated by openapi-typescript.\n", 9000),
		"internal/pool/event/event_gen.go":  text("// Code generated by gen. DO NOT EDIT.\n", 9000),
		"internal/pool/event/claims.go":     text("// Code generated by nobody, honestly.\n", floors.MaxLines),
		"web/node_modules/x/index.ts":       text("", 9000),
		".tools/x.go":                       text("", 9000),
		"docs/architecture.md":              text("", 9000),
		"web/src/utils/format.ts":           text("", 3),
		"internal/base/models/testdata/a.x": text("", 3),
	})
	require.NoError(t, err)
	var got []string
	for _, v := range violations {
		got = append(got, v.Where+" "+v.Rule)
	}
	require.ElementsMatch(t, []string{
		"internal/pool/person/service.go long file",
		"web/src/pool/People.tsx long file",
		"internal/pool/event/claims.go long file",
		"web/src/utils name",
	}, got)
}

// TestCheckDocumentsCatches plants dead links among living ones.
func TestCheckDocumentsCatches(t *testing.T) {
	t.Parallel()
	text := func(lines ...string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))} }
	violations, err := floors.CheckDocuments(fstest.MapFS{
		"README.md": text("[a](docs/a.md) [folder](docs/) [web](https://example.com/x) [gone](docs/gone.md)",
			"`[code](docs/code.md)`", "```", "[block](docs/block.md)", "```"),
		"docs/a.md": text("# A", "[down](#the-second-part) [none](#the-third-part)", "## The `second` part",
			"[中](b.md#用户与身份)", "```", "# The third part", "```"),
		"docs/b.md":                 text("## 用户与身份", "![picture](missing.png)"),
		"docs/guides/start.md":      text("[up](../a.md)"),
		"docs/guides/both.md":       text(""),
		"docs/guides/both.zh-CN.md": text(""),
		"web/node_modules/x/y.md":   text("[gone](gone.md)"),
	})
	require.NoError(t, err)
	var got []string
	for _, v := range violations {
		got = append(got, v.String())
	}
	require.ElementsMatch(t, []string{
		"README.md: dead link: docs/gone.md is not there",
		"docs/a.md: dead link: docs/a.md has no heading #the-third-part",
		"docs/b.md: dead link: missing.png is not there",
		"docs/guides/start.md: one language: docs/guides/start.zh-CN.md is missing",
	}, got)
}

func rules(violations []floors.Violation) []string {
	var names []string
	for _, v := range violations {
		names = append(names, v.Rule)
	}
	return names
}

// repositoryRoot is the folder with go.mod above this test.
func repositoryRoot(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		require.NotEqual(t, parent, folder, "no go.mod above the test")
		folder = parent
	}
}

// list asks the Go command about every package of the module. -e, because the console may not be built yet; the compiler, not this test,
// reports packages that are broken.
func list(t *testing.T, root, tags string) []floors.Package {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Name,Imports,TestImports,XTestImports", "-tags", tags, "./...")
	command.Dir = root
	output, err := command.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		err = fmt.Errorf("%w: %s", err, failed.Stderr)
	}
	require.NoError(t, err)
	var packages []floors.Package
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var p floors.Package
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		require.NoError(t, err)
		if !strings.Contains(p.ImportPath, "node_modules") {
			packages = append(packages, p)
		}
	}
}
