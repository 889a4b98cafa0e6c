package filelock

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/moby/sys/mountinfo"
	"golang.org/x/sys/unix"
)

// ErrIrregular is the error of a path that names a directory, a device, a pipe or a socket.
var ErrIrregular = errors.New("not a regular file")

// Identify identifies an open file. The mount that it was opened on has the device number that the
// kernel's lists show, and its fdinfo the inode (since Linux 5.14). What is missing comes from
// stat(2).
func Identify(f *os.File) (File, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &stat); err != nil {
		return File{}, os.NewSyscallError("fstat", err)
	}
	id := File{
		Major: int(unix.Major(uint64(stat.Dev))), Minor: int(unix.Minor(uint64(stat.Dev))),
		Inode: stat.Ino,
	}
	info, err := os.ReadFile(fmt.Sprintf("/proc/self/fdinfo/%d", f.Fd()))
	if err != nil {
		return id, nil
	}
	mounts, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return id, nil
	}
	defer mounts.Close()
	return id.correct(string(info), mounts), nil
}

// correct replaces what stat(2) says by what fdinfo and the list of mounts say.
func (id File) correct(info string, mounts io.Reader) File {
	if inode, ok := field(info, "ino:"); ok {
		id.Inode = uint64(inode)
	}
	mount, ok := field(info, "mnt_id:")
	if !ok {
		return id
	}
	found, err := mountinfo.GetMountsFromReader(mounts, func(m *mountinfo.Info) (skip, stop bool) {
		return m.ID != int(mount), m.ID == int(mount)
	})
	if err == nil && len(found) == 1 {
		id.Major, id.Minor = found[0].Major, found[0].Minor
	}
	return id
}

// field returns the number of a line such as "mnt_id:	27".
func field(text, name string) (value int64, ok bool) {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			value, err := strconv.ParseInt(strings.TrimSpace(rest), 10, 64)
			return value, err == nil
		}
	}
	return 0, false
}
