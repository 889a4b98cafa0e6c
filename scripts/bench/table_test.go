package main

import (
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

func TestTable(t *testing.T) {
	s, err := snapshot.Read("../testdata/sample.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := writeTables(&out, s); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "table.golden", out.String())
}
