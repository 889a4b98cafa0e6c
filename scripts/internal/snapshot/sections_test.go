package snapshot

import (
	"slices"
	"strings"
	"testing"
)

func TestRowsWithOtherUnitsAreInAnotherSection(t *testing.T) {
	s := readText(t, "busy: 5s\n"+
		"BenchmarkBurst/exec=process/writers=1 1 5 inserts/s\n"+
		"BenchmarkBurst/exec=process/writers=2 1 5 inserts/s\n"+
		"BenchmarkCeiling/disk=append 1 5 syncs/s\n"+
		"BenchmarkCeiling/exec=process/writers=1 1 5 inserts/s\n")
	var got []string
	for _, section := range Sections(s.Rows()) {
		got = append(got, strings.Join(section.Varied, " ")+" | "+
			strings.Join(section.Fixed, " ")+" | "+strings.Join(section.Units, " "))
	}
	want := []string{
		"writers | exec=process busy=5s | inserts/s",
		"disk | busy=5s | syncs/s",
		" | exec=process writers=1 busy=5s | inserts/s",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCellsOfUnitsThatARowLacksAreEmpty(t *testing.T) {
	s := readText(t, "BenchmarkBurst/writers=1 1 5 inserts/s 0 jain 2 lockerrs 4 attempts\n")
	got := s.Rows()[0].Cells([]string{"inserts/s", "p99-ns", "jain", "lockerrs"})
	if want := []string{"(5)", "", "0", "2  50 %"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestASnapshotKnowsItsCommandAndWhenItBegan(t *testing.T) {
	const result = "BenchmarkBurst/writers=1 1 5 inserts/s\n"
	s := readText(t, "# make bench LABEL='x'\n# begun 2026-11-22T18:00:00Z\n"+result)
	if s.Command != "make bench LABEL='x'" || s.Begun() != "2026-11-22T18:00:00Z" {
		t.Errorf("got %q and %q", s.Command, s.Begun())
	}
	if s := readText(t, result+"# make bench\n"); s.Command != "" || s.Begun() != "" {
		t.Errorf("without a first line: %q and %q", s.Command, s.Begun())
	}
}
