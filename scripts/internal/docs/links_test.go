package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

var (
	link    = regexp.MustCompile(`\]\(([^)]+)\)|src="([^"]+)"`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// anchor returns the anchor that GitHub gives a heading.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

func anchors(markdown string) map[string]bool {
	all := map[string]bool{}
	for _, match := range heading.FindAllStringSubmatch(markdown, -1) {
		all[anchor(match[1])] = true
	}
	return all
}

func TestLinksLeadToAFileAndAHeading(t *testing.T) {
	for _, document := range documents {
		for _, match := range link.FindAllStringSubmatch(read(t, document), -1) {
			target := match[1] + match[2]
			if strings.Contains(target, "://") {
				continue
			}
			file, section, hasSection := strings.Cut(target, "#")
			to := document
			if file != "" {
				to = filepath.Join(filepath.Dir(document), file)
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil {
				t.Errorf("%s: link to %s: %v", document, target, err)
			} else if hasSection && !anchors(read(t, to))[section] {
				t.Errorf("%s: link to %s: %s has no such heading", document, target, to)
			}
		}
	}
}

func TestAnchor(t *testing.T) {
	const text = "How many at once? `conn=pool`, 4,000"
	if got, want := anchor(text), "how-many-at-once-connpool-4000"; got != want {
		t.Errorf("anchor(%q) is %q, want %q", text, got, want)
	}
}

// A reader of README.md meets a command at once, can read all of it in a terminal, and gets to the
// end of it.
func TestTheReadmeIsShortAndNarrow(t *testing.T) {
	const maxLines, maxColumns, maxBefore = 150, 80, 25
	lines := strings.Split(strings.TrimSuffix(read(t, readme), "\n"), "\n")
	if len(lines) > maxLines {
		t.Errorf("it has %d lines, want at most %d", len(lines), maxLines)
	}
	first := 0
	for i, line := range lines {
		if first == 0 && line == "```sh" {
			first = i + 2
		}
		breakable := !strings.HasPrefix(line, "|") && !strings.Contains(line, "](") &&
			!strings.Contains(line, "://") && !strings.Contains(line, `src="`)
		if n := utf8.RuneCountInString(line); breakable && n > maxColumns {
			t.Errorf("line %d has %d columns, want at most %d", i+1, n, maxColumns)
		}
	}
	if first == 0 || first > maxBefore {
		t.Errorf("the first command is in line %d (0 for none), want one within %d",
			first, maxBefore)
	}
}
