package floors

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode"
)

// CheckDocuments walks the repository's Markdown files and finds links that lead nowhere: files that are not there and headings that the
// linked file does not have. It also finds guides that exist in one language only. Addresses on the web are not asked.
func CheckDocuments(repository fs.FS) ([]Violation, error) {
	var found []Violation
	err := fs.WalkDir(repository, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if notOurs(entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".md" {
			return nil
		}
		text, err := fs.ReadFile(repository, name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		for _, target := range links(string(text)) {
			if what := follow(repository, name, target); what != "" {
				found = append(found, Violation{name, "dead link", what})
			}
		}
		if twin := translation(name); twin != "" && !exists(repository, twin) {
			found = append(found, Violation{name, "one language", twin + " is missing"})
		}
		return nil
	})
	return found, err
}

var (
	link = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	code = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
)

// links are the targets of a Markdown text outside of code, without those on the web.
func links(text string) []string {
	var targets []string
	for _, match := range link.FindAllStringSubmatch(code.ReplaceAllString(text, ""), -1) {
		if !strings.Contains(match[1], "://") && !strings.HasPrefix(match[1], "mailto:") {
			targets = append(targets, match[1])
		}
	}
	return targets
}

// follow goes from a document along a link and says what is wrong with it, if anything.
func follow(repository fs.FS, from, target string) string {
	file, heading, _ := strings.Cut(target, "#")
	to := from
	if file != "" {
		to = path.Join(path.Dir(from), file)
	}
	if !exists(repository, to) {
		return target + " is not there"
	}
	if heading == "" {
		return ""
	}
	text, err := fs.ReadFile(repository, to)
	if err != nil {
		return fmt.Sprintf("%s cannot be read: %v", target, err)
	}
	for line := range strings.Lines(code.ReplaceAllStringFunc(string(text), keepInline)) {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && line[0] == '#' && slug(title) == heading {
			return ""
		}
	}
	return fmt.Sprintf("%s has no heading #%s", to, heading)
}

// keepInline empties blocks of code, where a "#" is no heading, and keeps code inside a line.
func keepInline(block string) string {
	if strings.HasPrefix(block, "```") {
		return ""
	}
	return block
}

// slug is the anchor that the usual renderers give a heading.
func slug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(title))
}

// translation is the other-language file that a document must have: guides and the front pages are in English and Chinese.
func translation(name string) string {
	if path.Dir(name) != "docs/guides" && !strings.HasPrefix(path.Base(name), "README.zh-CN") {
		return ""
	}
	if chinese, ok := strings.CutSuffix(name, ".zh-CN.md"); ok {
		return chinese + ".md"
	}
	return strings.TrimSuffix(name, ".md") + ".zh-CN.md"
}

func exists(repository fs.FS, name string) bool {
	_, err := fs.Stat(repository, name)
	return err == nil
}
