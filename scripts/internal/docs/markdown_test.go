// Package docs tests the documents: that their generated tables are current, their commands work
// and their links lead somewhere.
package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	root      = "../../.."
	readme    = "README.md"
	reference = "bench/README.md"
	results   = "results/README.md"
	model     = "results/model.md"
)

// documents are the tested documents, relative to the root.
var documents = []string{readme, reference, results, model}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// span matches code within a paragraph or a table. It may continue on the next line.
var span = regexp.MustCompile("`([^`]+)`")

// beginsCommand matches the beginning of a command that a reader may copy. Other code, such as a
// file name, is not one.
var beginsCommand = regexp.MustCompile(`^(make|go|\./busybench|scripts/\S+\.sh)( |$)`)

// commands returns the commands of a document: the lines of ```sh blocks, indented lines, and code
// within paragraphs and tables.
func commands(markdown string) (all []string) {
	var prose strings.Builder
	fence, command := "", ""
	for line := range strings.Lines(markdown) {
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "```"):
			if fence == "" {
				fence = trimmed
			} else {
				fence = ""
			}
		case fence == "```sh":
			before, continues := strings.CutSuffix(trimmed, `\`)
			command += before
			if !continues && command != "" {
				all = append(all, command)
				command = ""
			}
		case fence != "":
		case strings.HasPrefix(line, "    ") && beginsCommand.MatchString(trimmed):
			all = append(all, trimmed)
		default:
			prose.WriteString(line)
		}
	}
	for _, match := range span.FindAllStringSubmatch(prose.String(), -1) {
		code := strings.Join(strings.Fields(match[1]), " ")
		code = strings.ReplaceAll(code, `\|`, "|") // as it is written in a table
		if beginsCommand.MatchString(code) {
			all = append(all, code)
		}
	}
	return all
}

func TestCommandsOfADocument(t *testing.T) {
	const document = "Run `make help`, or `make\nbench`. Not `results/x.txt`.\n" +
		"\n    make plot LABEL=x\n    not a command\n" +
		"\n```sh\ngit clone a && make     # both\nmake limit \\\n  MAX=2\n```\n" +
		"\n```\nmake output\n```\n| `make bench BENCH='A\\|B'` |\n"
	want := []string{
		"make plot LABEL=x", "git clone a && make     # both", "make limit MAX=2",
		"make help", "make bench", "make bench BENCH='A|B'",
	}
	got := commands(document)
	if len(got) != len(want) {
		t.Fatalf("commands are %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("command %d is %q, want %q", i, got[i], want[i])
		}
	}
}
