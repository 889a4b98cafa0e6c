package host

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/moby/sys/mountinfo"
)

// Filesystem is the filesystem that a directory is on.
type Filesystem struct {
	Type string // the kernel's name, such as "ext4"
}

// FindFilesystem finds the filesystem of an existing directory in /proc/self/mountinfo
// (proc_pid_mountinfo(5)).
func FindFilesystem(dir string) (Filesystem, error) {
	real, err := filepath.EvalSymlinks(dir)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		return Filesystem{}, err
	}
	mounts, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return Filesystem{}, err
	}
	defer mounts.Close()
	return findMount(mounts, real)
}

// findMount finds the longest mount point that contains a path. A later mount on the same point
// hides the earlier one.
func findMount(mounts io.Reader, path string) (Filesystem, error) {
	infos, err := mountinfo.GetMountsFromReader(mounts, mountinfo.ParentsFilter(path))
	found, length := Filesystem{"unknown"}, 0
	for _, info := range infos {
		if len(info.Mountpoint) >= length {
			found, length = Filesystem{info.FSType}, len(info.Mountpoint)
		}
	}
	return found, err
}

// Warning says why results from this filesystem may mislead. It is empty if they do not: results
// from memory and network filesystems say little about a local disk.
func (f Filesystem) Warning() string {
	inMemory := []string{"tmpfs", "ramfs", "devtmpfs", "hugetlbfs"}
	onNetwork := []string{
		"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.glusterfs",
		"fuse.sshfs", "fuse.s3fs", "lustre", "ocfs2", "gfs2", "virtiofs",
	}
	switch {
	case slices.Contains(inMemory, f.Type):
		return fmt.Sprintf("the database files are on %s, which is memory: a sync costs nothing "+
			"there; choose a disk with -dir", f.Type)
	case slices.Contains(onNetwork, f.Type):
		return fmt.Sprintf("the database files are on %s, a network or shared filesystem: its "+
			"locks and syncs are not those of a local disk; choose one with -dir", f.Type)
	}
	return ""
}
