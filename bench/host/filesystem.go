package host

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Filesystem is what a directory lies on.
type Filesystem struct {
	Type string // as the kernel names it, such as "ext4"
}

// FilesystemOf finds the filesystem of an existing directory in /proc/self/mountinfo
// (proc_pid_mountinfo(5)).
func FilesystemOf(dir string) (Filesystem, error) {
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
	found, length := Filesystem{Type: "unknown"}, -1
	for lines := bufio.NewScanner(mounts); lines.Scan(); {
		point, fsType, ok := parseMount(lines.Text())
		// A later mount on the same point hides the earlier one.
		if ok && len(point) >= length && within(real, point) {
			found, length = Filesystem{fsType}, len(point)
		}
	}
	return found, nil
}

// parseMount takes mount point and filesystem type from a line of mountinfo. The type stands
// behind a lone hyphen, which ends the optional fields.
func parseMount(line string) (point, fsType string, ok bool) {
	fields := strings.Fields(line)
	hyphen := slices.Index(fields, "-")
	if len(fields) < 5 || hyphen < 0 || hyphen+1 >= len(fields) {
		return "", "", false
	}
	// White space and backslashes in the path are octal escapes, such as \040.
	point, err := strconv.Unquote(`"` + strings.ReplaceAll(fields[4], `"`, `\"`) + `"`)
	return point, fields[hyphen+1], err == nil
}

func within(path, point string) bool {
	return point == "/" || path == point || strings.HasPrefix(path, point+"/")
}

// memory and network filesystems by the kernel's names. What SQLite does on them says nothing of
// a local disk.
var (
	inMemory  = []string{"tmpfs", "ramfs", "devtmpfs", "hugetlbfs"}
	onNetwork = []string{"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs",
		"fuse.glusterfs", "fuse.sshfs", "fuse.s3fs", "lustre", "ocfs2", "gfs2", "virtiofs"}
)

// Warning says why figures from this filesystem may mislead; it is empty where they do not.
func (f Filesystem) Warning() string {
	switch {
	case slices.Contains(inMemory, f.Type):
		return fmt.Sprintf("the database files lie on %s, which is memory: a sync costs nothing there; choose a disk with -dir", f.Type)
	case slices.Contains(onNetwork, f.Type):
		return fmt.Sprintf("the database files lie on %s, a network or shared filesystem: its locks and syncs are not those of a local disk; choose one with -dir", f.Type)
	}
	return ""
}
