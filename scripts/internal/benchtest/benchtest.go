// Package benchtest lets tests run the benchmarks as a command.
package benchtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"busybench/scripts/internal/runner"
)

// directory is where Binary and Scripts build, "" until then.
var directory string

var makeDirectory = sync.OnceValue(func() (err error) {
	directory, err = os.MkdirTemp("", "busybench-")
	return err
})

// Main is the TestMain of a package that uses Binary or Scripts.
func Main(m *testing.M) {
	code := m.Run()
	if err := os.RemoveAll(directory); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// Binary returns the path of the benchmarks' test binary: the one that BUSYBENCH_BINARY names, as
// under "make test", or one that is built once for all tests of a package. The package's TestMain
// must be [Main], which removes it.
func Binary(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var build = sync.OnceValues(func() (path string, err error) {
	if path := os.Getenv(runner.BinaryVariable); path != "" {
		return path, nil
	}
	if err := makeDirectory(); err != nil {
		return "", err
	}
	path = filepath.Join(directory, "busybench")
	cmd := Command("go", "test", "-c", "-o", path, "busybench/bench")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the benchmarks: %v: %s", err, out)
	}
	return path, nil
})

// Scripts returns a directory with all scripts, which are built once for all tests of a package.
// The package's TestMain must be [Main], which removes it.
func Scripts(t testing.TB) (dir string) {
	t.Helper()
	dir, err := buildScripts()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var buildScripts = sync.OnceValues(func() (dir string, err error) {
	if err := makeDirectory(); err != nil {
		return "", err
	}
	dir = filepath.Join(directory, "scripts")
	cmd := Command("go", "build", "-o", dir+"/", "busybench/scripts/...")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the scripts: %v: %s", err, out)
	}
	return dir, nil
})

// Command is exec.Command for a command that cleans up on SIGTERM, and that gets SIGTERM if the
// test process exits before it.
func Command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	return cmd
}
