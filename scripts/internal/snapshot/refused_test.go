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
			s := written(t, "BenchmarkX-2 1 "+c.result+"\n")
			if got := s.Rows()[0].Mark(c.figure); got != c.want {
				t.Errorf("is %q, want %q", got, c.want)
			}
		})
	}
}
