package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"gopkg.in/yaml.v3"
)

// Sources makes a command line read variables and the file named by --config.
func Sources() []kong.Option {
	return []kong.Option{kong.DefaultEnvars(Prefix), kong.Configuration(File)}
}

// File reads settings from YAML: one key per setting, the name of its flag. Lists are lists, or texts with commas. A key that is no setting of
// the program is refused with its line, so that a mistyped one does not go unseen.
func File(r io.Reader) (kong.Resolver, error) {
	var doc yaml.Node
	if err := yaml.NewDecoder(r).Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return &file{}, nil
		}
		return nil, fmt.Errorf("settings file: %w", err)
	}
	f := &file{settings: map[string]setting{}}
	if len(doc.Content) == 0 {
		return f, nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("settings file line %d: write one \"name: value\" per line", root.Line)
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		name := strings.ReplaceAll(key.Value, "_", "-")
		if _, twice := f.settings[name]; twice {
			return nil, fmt.Errorf("settings file line %d: %q is there twice", key.Line, key.Value)
		}
		text, err := plain(value)
		if err != nil {
			return nil, fmt.Errorf("settings file line %d: %s: %w", value.Line, key.Value, err)
		}
		f.settings[name] = setting{value: text, line: key.Line}
	}
	return f, nil
}

// plain is a value as it would be written on the command line.
func plain(n *yaml.Node) (string, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return n.Value, nil
	case yaml.SequenceNode:
		var items []string
		for _, item := range n.Content {
			if item.Kind != yaml.ScalarNode {
				return "", errors.New("lists hold plain values")
			}
			items = append(items, item.Value)
		}
		return strings.Join(items, ","), nil
	case yaml.DocumentNode, yaml.MappingNode, yaml.AliasNode:
	}
	return "", errors.New("give a plain value or a list")
}

type setting struct {
	value string
	line  int
}

type file struct{ settings map[string]setting }

// Validate refuses keys that no command has.
func (f *file) Validate(app *kong.Application) error {
	known := map[string]bool{}
	var walk func(n *kong.Node)
	walk = func(n *kong.Node) {
		for _, flag := range n.Flags {
			known[flag.Name] = true
		}
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(app.Node)
	var bad []string
	for name, s := range f.settings {
		if !known[name] || name == "config" {
			bad = append(bad, fmt.Sprintf("settings file line %d: there is no setting %q", s.line, name))
		}
	}
	if len(bad) == 0 {
		return nil
	}
	slices.Sort(bad)
	return errors.New(strings.Join(bad, "; "))
}

// Resolve gives the file's value of a flag, unless a variable has one.
func (f *file) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil //nolint:nilnil // kong's word for "nothing here"
		}
	}
	if s, ok := f.settings[flag.Name]; ok {
		return s.value, nil
	}
	return nil, nil //nolint:nilnil // kong's word for "nothing here"
}
