package runner

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// enterModule makes a module with benchmarks and enters its directory.
func enterModule(t *testing.T) {
	t.Helper()
	t.Setenv(BinaryVariable, "") // these tests are of the build
	t.Chdir(t.TempDir())
	if err := os.Mkdir("bench", 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "go.mod", "module x\n")
	writeFile(t, "bench/x_test.go", "package bench\n\nimport \"testing\"\n\n"+
		"func BenchmarkX(b *testing.B) {}\n")
}

func TestTheBenchmarksAreBuiltIntoTheGivenDirectory(t *testing.T) {
	enterModule(t)
	work := t.TempDir()
	var stderr strings.Builder
	binary, err := build(t.Context(), work, &stderr)
	if err != nil {
		t.Fatalf("%v: %s", err, &stderr)
	}
	if filepath.Dir(binary) != work {
		t.Errorf("the binary is %s, want one in %s", binary, work)
	}
	requireNoFile(t, buildDir)
	var out strings.Builder
	s := Settings{bench: "."}
	if err := s.runOnce(t.Context(), binary, []string{"-test.bench=."}, &out); err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), "BenchmarkX") {
		t.Errorf("printed %q", &out)
	}
}

func TestAFailedBuildIsAnError(t *testing.T) {
	enterModule(t)
	writeFile(t, "bench/x_test.go", "package bench\n\nfunc broken() { undefined() }\n")
	var stderr strings.Builder
	_, err := build(t.Context(), t.TempDir(), &stderr)
	requireError(t, err, "build the benchmarks: exit status 1")
	if !strings.Contains(stderr.String(), "undefined: undefined") {
		t.Errorf("printed %q", &stderr)
	}
}

// The go command runs its compilers through a program that never ends by itself.
func TestAnInterruptedBuildLeavesFilesInItsDirectoryOnly(t *testing.T) {
	enterModule(t)
	temporary, work := t.TempDir(), t.TempDir()
	fifo := filepath.Join(t.TempDir(), "started")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temporary)
	t.Setenv("GOFLAGS", "-toolexec="+os.Args[0])
	t.Setenv(roleVariable, "compiler")
	t.Setenv(fifoVariable, fifo)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := build(ctx, work, io.Discard)
		ended <- err
	}()
	compiler, err := os.Open(fifo) // it waits until the compiler opens it, too
	if err != nil {
		t.Fatal(err)
	}
	defer compiler.Close()
	cancel()
	if err := <-ended; !errors.Is(err, errInterrupted) {
		t.Errorf("error is %v", err)
	}
	if _, err := io.ReadAll(compiler); err != nil { // it ends when the compilers have exited
		t.Error(err)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
