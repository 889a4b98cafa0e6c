package snapshot

import (
	"slices"
	"strings"
	"testing"
)

func TestCheckSamples(t *testing.T) {
	six := strings.Repeat(bareResult, 6)
	for name, c := range map[string]struct{ text, want string }{
		"six samples": {six, ""},
		"five of one row": {six + strings.Repeat("BenchmarkY 1 2 ns/op\n", 5),
			"has 5 samples of Y; comparing needs 6 or more: make it again with COUNT=10"},
		"six under different header lines": {strings.Repeat(bareResult, 3) + "go: 2\n" +
			strings.Repeat(bareResult, 3), "has results of X under different header lines"},
	} {
		t.Run(name, func(t *testing.T) {
			err := readText(t, c.text).CheckSamples()
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkOneLine(t, err, c.want)
		})
	}
}

func TestVaried(t *testing.T) {
	s := readText(t, "BenchmarkX/writers=1/busy=5s 1 2 ns/op\n"+
		"BenchmarkX/writers=8/busy=5s 1 2 ns/op\nBenchmarkY/exec=process 1 2 ns/op\n")
	got := s.Varied([]string{"busy", "exec", "writers", "journal"})
	if !slices.Equal(got, []string{"writers"}) {
		t.Errorf("are %q, want writers", got)
	}
}
