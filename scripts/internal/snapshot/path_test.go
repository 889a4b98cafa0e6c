package snapshot

import (
	"os"
	"testing"

	"busybench/scripts/internal/golden"
)

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

func TestTheLatestSnapshotIsShownIfThereIsOne(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir(Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, label, want string }{
		{"a label", "mine", "results/mine.txt"},
		{"a path", "./mine.txt", "./mine.txt"},
		{"no label and no latest one", "", "results/default.txt"},
		{"no label", "", "results/latest.txt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "no label" {
				if err := os.WriteFile("results/latest.txt", nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := Resolve(c.label); err != nil || got != c.want {
				t.Errorf("path is %q, %v, want %q", got, err, c.want)
			}
		})
	}
	if got, err := Resolve("a b"); err == nil {
		t.Errorf("a bad label is %q", got)
	}
}

func TestOldAndNewGoTogether(t *testing.T) {
	for name, c := range map[string]struct {
		settings     []string
		older, newer string
		fails        bool
	}{
		"neither": {nil, "", "", false},
		"both":    {[]string{"OLD", "a", "NEW", "b"}, "a", "b", false},
		"OLD":     {[]string{"OLD", "a"}, "", "", true},
		"NEW":     {[]string{"NEW", "b"}, "", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			older, newer, err := Pair(golden.Getenv(c.settings...))
			if older != c.older || newer != c.newer || (err != nil) != c.fails {
				t.Errorf("are %q and %q, %v", older, newer, err)
			}
		})
	}
}
