package runner

import (
	"context"
	"os"
	"os/exec"
	"strings"
)

// revision returns the short hash of the commit that is checked out at the top of the repository,
// with "-dirty" if files differ from it. Files in results are not counted: making one snapshot must
// not make the next one look like the work of changed code. It is "unknown" without git, outside a
// checkout, in a copy inside another project's checkout, and if [BinaryVariable] names a binary,
// which can be of any commit.
func revision(ctx context.Context, dir string) string {
	if os.Getenv(BinaryVariable) != "" {
		return "unknown"
	}
	if _, err := git(ctx, dir, "ls-files", "--error-unmatch", "go.mod"); err != nil {
		return "unknown"
	}
	hash, err := git(ctx, dir, "rev-parse", "--short", "HEAD")
	if err != nil {
		return "unknown"
	}
	changes, err := git(ctx, dir, "status", "--porcelain", "--", ".", ":(exclude)results")
	if err != nil {
		return "unknown"
	}
	if changes != "" {
		hash += "-dirty"
	}
	return hash
}

// git runs a git command that changes nothing, and returns what it prints.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0")
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}
