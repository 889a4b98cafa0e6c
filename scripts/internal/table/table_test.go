package table

import (
	"strings"
	"testing"
)

func TestColumnsAreAligned(t *testing.T) {
	table := Table{Left: 1}
	table.Add("journal", "rows/s", "median")
	table.Add("delete", "621", "10 µs")
	table.Add("", "(10,080)")
	table.Add()
	var out strings.Builder
	if _, err := table.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	const want = "" +
		"journal    rows/s  median\n" +
		"delete        621   10 µs\n" +
		"         (10,080)\n" +
		"\n"
	if out.String() != want {
		t.Errorf("the table is\n%s, want\n%s", &out, want)
	}
}

func TestAHeadingDoesNotWidenItsColumn(t *testing.T) {
	table := Table{Left: 1}
	table.Add("", "rows/s")
	table.Add("journal=delete writers=8")
	table.Add("  5s", "621")
	if got, want := table.Width(), len("  5s  rows/s"); got != want {
		t.Errorf("the width is %d, want %d", got, want)
	}
	var out strings.Builder
	if _, err := table.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	const want = "" +
		"      rows/s\n" +
		"journal=delete writers=8\n" +
		"  5s     621\n"
	if out.String() != want {
		t.Errorf("the table is\n%s, want\n%s", &out, want)
	}
}
