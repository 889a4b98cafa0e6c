package runner

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

func TestRevision(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	t.Setenv(BinaryVariable, "")
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	git := func(args ...string) {
		t.Helper()
		args = append([]string{"-c", "user.name=x", "-c", "user.email=x@example.com"}, args...)
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	write := func(name string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		writeFile(t, path, name+t.Name())
	}
	require := func(state, want string) {
		t.Helper()
		got := revision(context.Background(), dir)
		if !regexp.MustCompile("^" + want + "$").MatchString(got) {
			t.Errorf("%s: revision is %q, want %s", state, got, want)
		}
	}
	write("go.mod")
	require("outside a checkout", "unknown")
	git("init", "-q")
	require("not committed", "unknown")
	git("add", ".")
	require("before the first commit", "unknown")
	git("commit", "-q", "-m", "first")
	require("committed", "[0-9a-f]{7,}")
	write("results/mine.txt")
	require("with a new snapshot", "[0-9a-f]{7,}")
	write("bench/new.go")
	require("with a new source file", "[0-9a-f]{7,}-dirty")
	git("add", ".")
	git("commit", "-q", "-m", "second")
	require("committed again", "[0-9a-f]{7,}")
	writeFile(t, filepath.Join(dir, "go.mod"), "changed")
	require("with a changed file", "[0-9a-f]{7,}-dirty")
	t.Setenv(BinaryVariable, "/busybench")
	require("with a binary that is not built", "unknown")
	t.Setenv(BinaryVariable, "")
	t.Setenv("PATH", dir)
	require("without git", "unknown")
}
