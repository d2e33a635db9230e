// Package floors keeps the house in order: it says which package may import which, and how long a source file may be.
//
// The floors, from the top:
//
//	cmd → app → features → pool → base
//
// Features are the rooms of inflow, operate, convert, spread, repeat and insight, and the rooms collect, playbook and sim. A package
// imports its own floor or a lower one, never a higher one. Features do not import each other: they meet through events, actions and
// small interfaces that app connects. Only cmd imports app. The console's files (web) import nothing of ours, and only app and cmd
// import them.
//
// A wing may have a hall: a package of its own (internal/insight) that holds what its rooms share. Rooms may import the hall of their wing; the
// hall imports no room. What helps the tests of the hall and its rooms is called after it (internal/insight/insighttest) and belongs to it.
//
// A room is one feature with all its sub-packages: inflow/channel, collect, operate/carrier. Packages of one room may import each
// other, and so may the packages of pool and of base, where one builds on the other; Go itself refuses circles there.
//
// Nothing at run time uses this package. Its test runs it over the repository.
package floors

import (
	"fmt"
	"slices"
	"strings"
)

// A Package is what `go list -json` tells about one package, as far as the floors need it.
type Package struct {
	ImportPath   string
	Name         string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// A Violation is one broken rule, at a package or a file.
type Violation struct {
	Where string // import path, or file with slashes
	Rule  string // short and stable: "upwards", "sideways", "dead link" …
	What  string // one sentence for the reader
}

func (v Violation) String() string { return fmt.Sprintf("%s: %s: %s", v.Where, v.Rule, v.What) }

// floor is a height in the house.
type floor int

// The floors. A higher number is a higher floor.
const (
	base floor = iota + 1
	pool
	feature
	app
	cmd
)

// spot is where a package stands: its floor and its room.
type spot struct {
	floor floor
	room  string
}

// outside are the places that are no floor: they have rules of their own.
const (
	house = "internal/floors" // this package
	web   = "web"             // the console's built files, embedded
	e2e   = "e2e"             // tests of the built binary: may look into any floor but app
)

// locate says where the package with this path inside the module stands.
func locate(rel string) (spot, bool) {
	parts := strings.Split(rel, "/")
	if parts[0] == "cmd" {
		return spot{cmd, "cmd"}, true
	}
	if parts[0] != "internal" || len(parts) < 2 {
		return spot{}, false
	}
	switch parts[1] {
	case "app":
		return spot{app, "app"}, true
	case "pool":
		return spot{pool, "pool"}, true
	case "base":
		return spot{base, "base"}, true
	case "collect", "playbook", "sim":
		return spot{feature, parts[1]}, true
	case "inflow", "operate", "convert", "spread", "repeat", "insight":
		if len(parts) > 2 && parts[2] == parts[1]+"test" {
			return spot{feature, parts[1]}, true
		}
		return spot{feature, strings.Join(parts[1:min(3, len(parts))], "/")}, true
	default:
		return spot{}, false
	}
}

// Check holds packages of the module against the floors. Tests are held to them like the code that they test.
func Check(module string, packages []Package) []Violation {
	var found []Violation
	for _, p := range packages {
		rel, ours := within(module, p.ImportPath)
		if !ours {
			continue
		}
		if bad := badName(p.Name); bad {
			found = append(found, Violation{p.ImportPath, "name", fmt.Sprintf("%q says nothing about what is inside", p.Name)})
		}
		imports := slices.Concat(p.Imports, p.TestImports, p.XTestImports)
		slices.Sort(imports)
		for _, imported := range slices.Compact(imports) {
			to, ours := within(module, imported)
			if !ours || to == rel {
				continue
			}
			if rule, what := judge(rel, to); rule != "" {
				found = append(found, Violation{p.ImportPath, rule, what})
			}
		}
		if _, known := locate(rel); !known && !special(rel) {
			found = append(found, Violation{p.ImportPath, "no floor", "stands on no floor; give it a room, or name its place in internal/floors"})
		}
	}
	return found
}

// judge says which rule the import of to by from breaks, if any.
func judge(from, to string) (rule, what string) {
	here, known := locate(from)
	there, inHouse := locate(to)
	switch {
	case under(from, web):
		return "web", fmt.Sprintf("the console's files import nothing of ours, but here %s", to)
	case under(to, web):
		if here.floor == app || here.floor == cmd {
			return "", ""
		}
		return "web", fmt.Sprintf("only app and cmd import %s; take an fs.FS instead", to)
	case inHouse && there.floor == app && here.floor != cmd && here.floor != app:
		return "app", fmt.Sprintf("only cmd imports %s", to)
	case !known || !inHouse:
		return "", ""
	case here.floor < there.floor:
		return "upwards", fmt.Sprintf("imports %s, which is on a higher floor", to)
	case under(here.room, there.room): // a room in its wing's hall
		return "", ""
	case here.floor == feature && there.floor == feature && here.room != there.room:
		return "sideways", fmt.Sprintf("%s imports %s; features meet through events, actions and interfaces of their own", here.room, to)
	}
	return "", ""
}

// within cuts the module's path off an import path.
func within(module, path string) (string, bool) {
	if path == module {
		return ".", true
	}
	return strings.CutPrefix(strings.TrimSuffix(path, "_test"), module+"/")
}

func under(rel, folder string) bool { return rel == folder || strings.HasPrefix(rel, folder+"/") }

func special(rel string) bool { return under(rel, house) || under(rel, web) || under(rel, e2e) }
