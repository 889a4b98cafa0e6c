package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"busybench/scripts/internal/snapshot"
)

// sample copies the sample snapshot into a fresh directory, changed line by line.
func sample(t *testing.T, name string, change func(line string) string) (path string) {
	t.Helper()
	text, err := os.ReadFile("../testdata/sample.txt")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range strings.SplitAfter(string(text), "\n") {
		lines = append(lines, change(line))
	}
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// oneLine returns a text without its line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func same(line string) string { return line }

// replace makes a change of the first occurrence of a text in each line.
func replace(older, newer string) func(string) string {
	return func(line string) string { return strings.Replace(line, older, newer, 1) }
}

// tenfold makes inserts/s or p99-ns of the process rows ten times as large by a digit.
func tenfold(unit string) func(string) string {
	figure := regexp.MustCompile(`([0-9]+)((?:\.[0-9]+)? ` + unit + ")")
	return func(line string) string {
		if !strings.Contains(line, "exec=process") {
			return line
		}
		return figure.ReplaceAllString(line, "${1}0$2")
	}
}

// stored returns the text of a file beside a snapshot.
func stored(t *testing.T, path, suffix string) string {
	t.Helper()
	text, err := os.ReadFile(snapshot.Sibling(path, suffix))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
