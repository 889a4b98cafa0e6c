package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

func TestTables(t *testing.T) {
	for name, path := range map[string]string{
		"table.golden":      "../testdata/sample.txt",
		"lockerrors.golden": "testdata/lockerrors.txt",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := snapshot.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if err := writeTables(&out, s); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if n := utf8.RuneCountInString(line); n > 101 {
					t.Errorf("a line has %d columns: %s", n-1, line)
				}
			}
			golden.Check(t, name, out.String())
		})
	}
}
