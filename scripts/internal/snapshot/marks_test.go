package snapshot

import "testing"

func TestMark(t *testing.T) {
	for name, c := range map[string]struct{ result, figure, want string }{
		"over 1 % refused":  {"100 attempts 2 lockerrs", "5ms", "(5ms)"},
		"1 % refused":       {"100 attempts 1 lockerrs", "5ms", "5ms"},
		"no figure":         {"100 attempts 2 lockerrs", "", ""},
		"without attempts":  {"7 syncs/s", "5ms", "5ms"},
		"nothing succeeded": {"100 attempts 100 lockerrs", "-", "(-)"},
	} {
		t.Run(name, func(t *testing.T) {
			s := readText(t, "BenchmarkX-2 1 "+c.result+"\n")
			if got := s.Rows()[0].Mark(c.figure); got != c.want {
				t.Errorf("is %q, want %q", got, c.want)
			}
		})
	}
}

// The nearest rank of the 99th percentile of 99 values is the last, of 100 the last but one.
func TestP99IsMax(t *testing.T) {
	for name, c := range map[string]struct {
		results string
		want    bool
	}{
		"99 attempts":  {"99 attempts 5 p99-ns", true},
		"100 attempts": {"100 attempts 5 p99-ns", false},
		"one run with 100": {
			"99 attempts 5 p99-ns\nBenchmarkX-2 1 100 attempts 5 p99-ns", false,
		},
		"without such a figure": {"99 attempts", false},
		"without attempts":      {"5 p99-ns", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := readText(t, "BenchmarkX-2 1 "+c.results+"\n")
			if got := s.Rows()[0].P99IsMax(); got != c.want {
				t.Errorf("is %v, want %v", got, c.want)
			}
		})
	}
}
