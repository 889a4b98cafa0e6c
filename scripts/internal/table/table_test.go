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
