package snapshot

import "testing"

func TestPath(t *testing.T) {
	for name, want := range map[string]string{
		"default":        "results/default.txt",
		"v1.2-x_y":       "results/v1.2-x_y.txt",
		"a.txt":          "a.txt",
		"some/where.txt": "some/where.txt",
		"./-x=y.txt":     "./-x=y.txt",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := Path(name); err != nil || got != want {
				t.Errorf("path is %q, %v, want %q", got, err, want)
			}
		})
	}
	for _, name := range []string{
		"", "-x", ".", "..", ".hidden", "a b", "$(x)", "a/b\nBenchmarkX.txt",
	} {
		t.Run("bad "+name, func(t *testing.T) {
			if got, err := Path(name); err == nil {
				t.Errorf("path is %q", got)
			}
		})
	}
}

func TestSibling(t *testing.T) {
	got, want := Sibling("results/default.txt", "by-exec.txt"), "results/default.by-exec.txt"
	if got != want {
		t.Errorf("sibling is %s, want %s", got, want)
	}
}
