package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"busybench/scripts/internal/runner"
)

// runSteps runs every step, until one fails, with temp as the temporary directory.
func runSteps(s supervisor, temp string) error {
	source, err := readSource(".")
	if err != nil {
		return err
	}
	if source.problems != nil {
		return errors.New(strings.Join(source.problems, "\n"))
	}
	binary := filepath.Join(temp, "busybench")
	os.Setenv("TMPDIR", temp)
	os.Setenv("GOTMPDIR", temp)
	for _, command := range [][]string{
		{"go", "vet", "./..."},
		{"go", "tool", "staticcheck", "./..."},
		{"go", "test", "-c", "-o", binary, "./bench"},
	} {
		if err := s.run(command...); err != nil {
			return err
		}
	}
	os.Setenv(runner.BinaryVariable, binary)
	// Most packages wait for processes, disks and locks for half of their time.
	packages := strconv.Itoa(2 * runtime.GOMAXPROCS(0))
	test := []string{"go", "test", "-count=1", "-vet=off", "-p", packages}
	if err := s.run(append(test, "./...")...); err != nil {
		return err
	}
	if compiler := cCompiler(); !inPath(compiler) {
		fmt.Printf("skipped: go test -race, because it needs the C compiler %s\n", compiler)
		return nil
	}
	os.Setenv("CGO_ENABLED", "1")
	// By default each process sleeps for a second before it exits, and tests start hundreds.
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	return s.run(append(append(test, "-race", "-short"), source.concurrent...)...)
}

// cCompiler returns the command that cgo runs.
func cCompiler() string {
	if words := strings.Fields(os.Getenv("CC")); len(words) > 0 {
		return words[0]
	}
	return "gcc"
}

func inPath(command string) bool {
	_, err := exec.LookPath(command)
	return err == nil
}
