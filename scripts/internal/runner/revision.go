package runner

import (
	"context"
	"os"

	"busybench/scripts/internal/git"
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
	if _, err := git.Output(ctx, dir, "ls-files", "--error-unmatch", "go.mod"); err != nil {
		return "unknown"
	}
	hash, err := git.Output(ctx, dir, "rev-parse", "--short", "HEAD")
	if err != nil {
		return "unknown"
	}
	changes, err := git.Output(ctx, dir, "status", "--porcelain", "--", ".", ":(exclude)results")
	if err != nil {
		return "unknown"
	}
	if changes != "" {
		hash += "-dirty"
	}
	return hash
}
