package filelock

import (
	"strings"
	"testing"
)

// The lists of locks name a filesystem as the list of mounts does, and stat(2) may name another.
func TestFilesystemsThatStatNamesOtherwise(t *testing.T) {
	const mounts = `26 1 254:0 / / rw,relatime - ext4 /dev/root rw
40 26 0:35 /home /home rw,relatime shared:2 - btrfs /dev/vdb rw,subvolid=256,subvol=/home
41 26 0:52 / /merged rw,relatime - overlay overlay rw,lowerdir=l,upperdir=u,workdir=w
`
	for _, c := range []struct {
		name, info string
		stat, want File
	}{
		{"ext4", "pos:\t0\nmnt_id:\t26\nino:\t7\n", File{254, 0, 7}, File{254, 0, 7}},
		{"btrfs", "mnt_id:\t40\nino:\t257\n", File{0, 44, 257}, File{0, 35, 257}},
		{"overlayfs", "mnt_id:\t41\nino:\t9\n", File{0, 60, 8}, File{0, 52, 9}},
		{"Linux before 5.14", "mnt_id:\t40\n", File{0, 44, 257}, File{0, 35, 257}},
		{"a mount that is not listed", "mnt_id:\t50\nino:\t7\n", File{0, 44, 7}, File{0, 44, 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.stat.correct(c.info, strings.NewReader(mounts)); got != c.want {
				t.Errorf("is %v, want %v", got, c.want)
			}
		})
	}
}
