package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
)

// pprof runs Go's own profile reader and returns what it prints.
func pprof(args ...string) (string, error) {
	cmd := exec.Command("go", append([]string{"tool", "pprof"}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go tool pprof: %w: %s", err, strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), nil
}

// top is pprof's table of the functions of a profile, without the lines above that say when and where it
// was made, or empty where nothing was sampled.
func top(path string, args ...string) (string, error) {
	text, err := pprof(append(append([]string{"-top"}, args...), path)...)
	if err != nil {
		return "", err
	}
	_, table, _ := strings.Cut(text, "\n      flat ")
	if strings.Count(table, "\n") < 2 {
		return "", nil // no more than the line of titles
	}
	return "      flat " + table, nil
}
