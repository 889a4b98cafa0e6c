package host

import (
	"strings"
	"testing"
)

func TestFindMount(t *testing.T) {
	const root = "1 0 98:0 / / rw shared:1 master:2 - btrfs /dev/sda rw\n"
	for _, c := range []struct{ name, mounts, path, want string }{
		{"optional field",
			"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n",
			"/mnt2", "ext3"},
		{"root with two optional fields", root, "/", "btrfs"},
		{"no optional field and a space in the path",
			`36 35 0:40 / /mnt/my\040disk rw - nfs4 server:/x rw` + "\n", "/mnt/my disk", "nfs4"},
		{"quotation mark in the path",
			root + `36 35 0:40 / /mnt/"x" rw - ext4 /dev/sdb rw` + "\n", `/mnt/"x"/y`, "ext4"},
		{"below the root only", root + "2 1 0:1 / /b rw - ext4 x rw\n", "/a/b", "btrfs"},
		{"below the mount point", root + "2 1 0:1 / /a rw - ext4 x rw\n", "/a/b", "ext4"},
		{"on the mount point", root + "2 1 0:1 / /a/b rw - ext4 x rw\n", "/a/b", "ext4"},
		{"beside a mount point that is its prefix",
			root + "2 1 0:1 / /a rw - ext4 x rw\n", "/ab", "btrfs"},
		{"above the mount point", root + "2 1 0:1 / /a/b rw - ext4 x rw\n", "/a", "btrfs"},
		{"longest mount point first", "2 1 0:1 / /a rw - ext4 x rw\n" + root, "/a/b", "ext4"},
		{"two mounts on one point", root + "2 1 0:1 / / rw - ext4 x rw\n", "/a", "ext4"},
		{"no mount point above", "2 1 0:1 / /a rw - ext4 x rw\n", "/b", "unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fs, err := findMount(strings.NewReader(c.mounts), c.path)
			if err != nil || fs.Type != c.want {
				t.Errorf("%s is on %q, %v, want %q", c.path, fs.Type, err, c.want)
			}
		})
	}
	for _, line := range []string{"36 35 98:0 / /mnt rw -\n", "\n"} {
		if fs, err := findMount(strings.NewReader(line), "/mnt"); err == nil {
			t.Errorf("no error for the line %q: %v", line, fs)
		}
	}
}

func TestFilesystemOfKnownDirectories(t *testing.T) {
	fs, err := FindFilesystem("/proc/self")
	if err != nil || fs.Type != "proc" {
		t.Errorf("/proc is on %v, %v", fs, err)
	}
	if _, err := FindFilesystem("/nonexistent"); err == nil {
		t.Error("no error for a directory that does not exist")
	}
}

func TestWarningOnMemoryAndNetworkFilesystems(t *testing.T) {
	for fsType, want := range map[string]string{
		"tmpfs": "memory",
		"nfs4":  "network", "cifs": "network", "9p": "network",
		"ext4": "", "xfs": "", "btrfs": "", "overlay": "",
	} {
		t.Run(fsType, func(t *testing.T) {
			got := Filesystem{fsType}.Warning()
			if (want == "") != (got == "") || !strings.Contains(got, want) {
				t.Errorf("warning is %q", got)
			}
		})
	}
}
