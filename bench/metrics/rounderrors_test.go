package metrics

import (
	"slices"
	"strings"
	"testing"
)

func TestLockErrorsByRoundAreReadBack(t *testing.T) {
	want := []RoundErrors{{0, 256}, {19, 256}, {0, 1234567}}
	var out strings.Builder
	if err := WriteRoundErrors(&out, "BenchmarkBurst/writers=256", want); err != nil {
		t.Fatal(err)
	}
	line := strings.TrimSuffix(out.String(), "\n")
	name, got, ok := ParseRoundErrors(line)
	if !ok || name != "BenchmarkBurst/writers=256" || !slices.Equal(got, want) {
		t.Errorf("%q is read as %q, %v, %v", line, name, got, ok)
	}
}

func TestNoLineWithoutLockErrors(t *testing.T) {
	var out strings.Builder
	if err := WriteRoundErrors(&out, "BenchmarkX", []RoundErrors{{0, 8}}); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 0 {
		t.Errorf("wrote %q", out.String())
	}
}

func TestOtherLinesAreNotLockErrorsByRound(t *testing.T) {
	for _, line := range []string{
		"", "# BenchmarkX: lock errors by round: ", "# BenchmarkX: lock errors by round: many",
		"BenchmarkX: lock errors by round: 1/2",
		"# BenchmarkX: 1 of 2 attempts ended in a lock error",
	} {
		t.Run(line, func(t *testing.T) {
			if _, rounds, ok := ParseRoundErrors(line); ok {
				t.Errorf("read as %v", rounds)
			}
		})
	}
}
