package snapshot

import (
	"context"
	"fmt"
	"os"

	"github.com/google/renameio/v2"
)

// File is a text to store.
type File struct {
	Path, Text string
}

// Store writes files atomically. It replaces none of them before all are written, so if one cannot
// be written, or the context is canceled meanwhile, those that were there stay. If the context is
// canceled later, all are replaced, and it returns an error too.
func Store(ctx context.Context, files ...File) error {
	var pending []*renameio.PendingFile
	for _, f := range files {
		p, err := write(f)
		if err != nil {
			return fmt.Errorf("%s cannot be written: %w", f.Path, err)
		}
		defer p.Cleanup()
		pending = append(pending, p)
	}
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	for i, p := range pending {
		if err := p.CloseAtomicallyReplace(); err != nil {
			return fmt.Errorf("%s cannot be written: %w", files[i].Path, err)
		}
	}
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	return nil
}

// interrupted returns the error for a canceled context.
func interrupted(ctx context.Context) error {
	return fmt.Errorf("interrupted: %w", context.Cause(ctx))
}

// write writes a text under a temporary name.
func write(f File) (*renameio.PendingFile, error) {
	if info, err := os.Lstat(f.Path); err == nil && info.IsDir() {
		return nil, fmt.Errorf("it is a directory")
	}
	p, err := renameio.NewPendingFile(f.Path,
		renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return nil, err
	}
	if _, err := p.WriteString(f.Text); err != nil {
		p.Cleanup()
		return nil, err
	}
	return p, nil
}
