package driverbuild

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"busybench/bench/scenario"
)

const top = "../../.."

// tools makes a directory with links to some commands the only one in which commands are found.
func tools(t *testing.T, names ...string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		if err := os.Symlink("/bin/true", filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	t.Setenv("CC", "")
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	for _, c := range []struct {
		name, driver string
		tools        []string
		want         string
	}{
		{"no Python", "python", nil, "it needs python3"},
		{"no C compiler", "c", nil, "it needs gcc"},
		{"no pkg-config", "c", []string{"gcc"}, "it needs pkg-config"},
		{"no Node.js", "node", []string{"npm"}, "it needs node"},
		{"no npm", "node", []string{"node"}, "it needs npm"},
		{"no go command", "modernc", nil, "it needs go"},
		{"no C compiler for cgo", "mattn", []string{"go"}, "it needs gcc"},
		{"nothing", "ncruces", nil, "it needs go"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tools(t, c.tools...)
			dir := t.TempDir()
			b, err := New(top, dir)
			if err != nil {
				t.Fatal(err)
			}
			old := filepath.Join(dir, c.driver) // of an earlier build
			if err := os.WriteFile(old, nil, 0o755); err != nil {
				t.Fatal(err)
			}
			_, err = b.Build(t.Context(), c.driver)
			var missing Missing
			if !errors.As(err, &missing) || !strings.HasPrefix(missing.Text, c.want) ||
				strings.Contains(missing.Text, "\n") {
				t.Errorf("error is %v, want %s", err, c.want)
			}
			if _, err := os.Stat(old); !os.IsNotExist(err) {
				t.Errorf("the program of an earlier build is there: %v", err)
			}
		})
	}
}

func TestAProgramThatDoesNotCompileIsAnError(t *testing.T) {
	b, err := New(t.TempDir(), t.TempDir()) // without sources
	if err != nil {
		t.Fatal(err)
	}
	tools(t, "python3", "gcc", "pkg-config")
	t.Setenv("CC", "/bin/false")
	_, err = b.Build(t.Context(), "c")
	var missing Missing
	if err == nil || errors.As(err, &missing) || !strings.Contains(err.Error(), "/bin/false -O2") {
		t.Errorf("error is %v", err)
	}
}

func TestAllDriversOfTheProjectCanBeBuilt(t *testing.T) {
	want := slices.DeleteFunc(slices.Clone(scenario.Drivers),
		func(name string) bool { return name == scenario.Zombiezen })
	got := Names()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q can be built, want %q", got, want)
	}
	b, err := New(top, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Build(t.Context(), "postgres"); err == nil {
		t.Error("a driver that is none can be built")
	}
}
