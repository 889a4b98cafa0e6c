package host

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Settle writes out everything that is still dirty on the filesystem of dir (syncfs(2)), so that
// what comes next does not pay for what went before: removed files, or inserts that nobody synced.
func Settle(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.Syncfs(int(f.Fd())); err != nil {
		return fmt.Errorf("syncfs %s: %w", dir, err)
	}
	return nil
}
