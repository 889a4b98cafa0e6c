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
func TestIsMax(t *testing.T) {
	const acked = "acked-p99-ns"
	for name, c := range map[string]struct {
		results, unit string
		want          bool
	}{
		"99 attempts":  {"99 attempts 5 p99-ns", "p99-ns", true},
		"100 attempts": {"100 attempts 5 p99-ns", "p99-ns", false},
		"one run with 100": {
			"99 attempts 5 p99-ns\nBenchmarkX-2 1 100 attempts 5 p99-ns", "p99-ns", false,
		},
		"without such a figure":    {"99 attempts", "p99-ns", false},
		"without attempts":         {"5 p99-ns", "p99-ns", false},
		"the maximum itself":       {"99 attempts 5 max-ns", "max-ns", false},
		"a median":                 {"9 attempts 5 p50-ns", "p50-ns", false},
		"p95 of 19":                {"19 attempts 5 p95-ns", "p95-ns", true},
		"p95 of 20":                {"20 attempts 5 p95-ns", "p95-ns", false},
		"p99.9 of 999":             {"999 attempts 5 p999-ns", "p999-ns", true},
		"p99.9 of 1,000":           {"1000 attempts 5 p999-ns", "p999-ns", false},
		"99 of 109 acknowledged":   {"109 attempts 10 lockerrs 5 " + acked, acked, true},
		"100 of 110 acknowledged":  {"110 attempts 10 lockerrs 5 " + acked, acked, false},
		"all of 109 have a result": {"109 attempts 10 lockerrs 5 p99-ns", "p99-ns", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := readText(t, "BenchmarkX-2 1 "+c.results+"\n")
			if got := s.Rows()[0].IsMax(c.unit); got != c.want {
				t.Errorf("is %v, want %v", got, c.want)
			}
		})
	}
}
