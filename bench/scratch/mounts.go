package scratch

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"

	"github.com/moby/sys/mountinfo"
	"golang.org/x/sys/unix"
)

// MountName is the subtype of filesystems that a run mounts below its work directory. The kernel
// keeps a mount when the process that serves it is killed, and nothing below it can be removed.
const MountName = "busybench"

// unmountBelow unmounts what a run mounted below a directory.
func unmountBelow(dir string) error {
	mounts, err := mountinfo.GetMounts(mountinfo.PrefixFilter(dir))
	if err != nil {
		return err
	}
	var errs []error
	for _, m := range slices.Backward(mounts) { // the latest first
		if m.FSType == "fuse."+MountName {
			errs = append(errs, Unmount(m.Mountpoint))
		}
	}
	return errors.Join(errs...)
}

// Unmount unmounts a filesystem, even if it is in use: those who have its files open keep them.
func Unmount(path string) error {
	err := unix.Unmount(path, unix.MNT_DETACH)
	if err == nil {
		return nil
	}
	for _, program := range []string{"fusermount3", "fusermount"} { // for users other than root
		if exec.Command(program, "-u", "-z", path).Run() == nil {
			return nil
		}
	}
	return fmt.Errorf("unmount %s: %w", path, err)
}
