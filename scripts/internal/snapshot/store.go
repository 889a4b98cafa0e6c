package snapshot

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/google/renameio/v2"
	"golang.org/x/sys/unix"
)

// File is a text to store.
type File struct {
	Path, Text string
}

// Store writes files atomically. It replaces none of them before all are written, so if one cannot
// be written, or the context is canceled meanwhile, those that were there stay. If the context is
// canceled later, all are replaced, and it returns an error too. A file that holds its text already
// is left as it is.
func Store(ctx context.Context, files ...File) error {
	var pending []*renameio.PendingFile
	files = slices.DeleteFunc(slices.Clone(files), isStored)
	for _, f := range files {
		p, err := write(f)
		if err != nil {
			return err
		}
		defer p.Cleanup()
		pending = append(pending, p)
	}
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	for i, p := range pending {
		if err := p.CloseAtomicallyReplace(); err != nil {
			return cannotWrite(files[i].Path, err)
		}
	}
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	return nil
}

// isStored reports whether a file holds its text already.
func isStored(f File) bool {
	text, err := os.ReadFile(f.Path)
	return err == nil && string(text) == f.Text
}

// interrupted returns the error for a canceled context.
func interrupted(ctx context.Context) error {
	return fmt.Errorf("interrupted: %w", context.Cause(ctx))
}

// CheckStore rejects a path that [Store] must not replace: a directory, or a file that this user
// may not write to.
func CheckStore(path string) error {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil // most likely there is none
	case info.IsDir():
		return fmt.Errorf("%s is a directory", path)
	case info.Mode().IsRegular() && unix.Access(path, unix.W_OK) != nil:
		return fmt.Errorf("%s is not writable", path)
	}
	return nil
}

// write writes a text under a temporary name.
func write(f File) (*renameio.PendingFile, error) {
	if err := CheckStore(f.Path); err != nil {
		return nil, err
	}
	p, err := renameio.NewPendingFile(f.Path,
		renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return nil, cannotWrite(f.Path, err)
	}
	if _, err := p.WriteString(f.Text); err != nil {
		p.Cleanup()
		return nil, cannotWrite(f.Path, err)
	}
	return p, nil
}

func cannotWrite(path string, err error) error {
	return fmt.Errorf("%s cannot be written: %w", path, err)
}
