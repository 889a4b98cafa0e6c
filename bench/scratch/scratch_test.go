package scratch

import "testing"

func TestIsTemporaryName(t *testing.T) {
	for _, c := range []struct {
		name, pattern string
		want          bool
	}{
		{".busybench-1", ".busybench-*", true},
		{".busybench-22.removing", ".busybench-*", true},
		{".busybench-", ".busybench-*", false},
		{".busybench-.removing", ".busybench-*", false},
		{".busybench-1-2", ".busybench-*", false},
		{".busybench-mine", ".busybench-*", false},
		{".busybench-1x", ".busybench-*", false},
		{"busybench-1", ".busybench-*", false},
		{"a.partial-7.txt", "a.partial-*.txt", true},
		{"a.partial-7", "a.partial-*.txt", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if isTemporaryName(c.name, c.pattern) != c.want {
				t.Errorf("isTemporaryName(%q, %q) is %v", c.name, c.pattern, !c.want)
			}
		})
	}
}
