// Package git runs git commands that change nothing.
package git

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
)

// Output runs a git command in a directory, and returns what it prints, without white space at both
// ends. [Reason] says what git says of an error.
func Output(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0")
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// Reason returns the first line of what git says of an error, or the error itself.
func Reason(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if line, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n"); line != "" {
			return line
		}
	}
	return err.Error()
}
