package host

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseMount(t *testing.T) {
	for _, c := range []struct {
		line, point, fsType string
		ok                  bool
	}{
		{"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue", "/mnt2", "ext3", true},
		{"36 35 98:0 / / rw shared:1 master:2 - btrfs /dev/sda rw", "/", "btrfs", true},
		{`36 35 0:40 / /mnt/my\040disk rw - nfs4 server:/x rw`, "/mnt/my disk", "nfs4", true},
		{"36 35 98:0 / /mnt rw -", "", "", false},
		{"", "", "", false},
	} {
		point, fsType, ok := parseMount(c.line)
		if point != c.point && c.ok || fsType != c.fsType || ok != c.ok {
			t.Errorf("%q is %q, %q, %v", c.line, point, fsType, ok)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		path, point string
		want        bool
	}{
		{"/a/b", "/", true}, {"/a/b", "/a", true}, {"/a/b", "/a/b", true}, {"/ab", "/a", false}, {"/a", "/a/b", false},
	} {
		if within(c.path, c.point) != c.want {
			t.Errorf("within(%q, %q) is %v", c.path, c.point, !c.want)
		}
	}
}

func TestFilesystemOfKnownPlaces(t *testing.T) {
	fs, err := FilesystemOf("/proc/self")
	if err != nil || fs.Type != "proc" {
		t.Errorf("/proc lies on %v, %v", fs, err)
	}
	if _, err := FilesystemOf("/nonexistent"); err == nil {
		t.Error("a directory that does not exist lies somewhere")
	}
}

func TestWarnings(t *testing.T) {
	for fsType, want := range map[string]string{
		"tmpfs": "memory", "nfs4": "network", "cifs": "network", "9p": "network", "ext4": "", "xfs": "", "btrfs": "", "overlay": "",
	} {
		got := Filesystem{fsType}.Warning()
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("warning for %s is %q", fsType, got)
		}
	}
}

func TestHeaderIsTheSameTwice(t *testing.T) {
	fs, err := FilesystemOf(".")
	if err != nil {
		t.Fatal(err)
	}
	again, err := FilesystemOf(".")
	first, second := Header(fs), Header(again)
	if err != nil || !slices.Equal(first, second) {
		t.Errorf("%v, then %v, %v", first, second, err)
	}
	for _, line := range first {
		if line.Value == "" || strings.ContainsAny(line.Key+line.Value, "\n") {
			t.Errorf("header line %q: %q", line.Key, line.Value)
		}
	}
}

func TestSyncProbe(t *testing.T) {
	for kind, want := range map[SyncKind]int64{Append: 4 * frameLength, Rewrite: frameLength} {
		dir := t.TempDir()
		p, err := NewSyncProbe(dir, kind)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := p.Sync(); err != nil {
				t.Fatal(err)
			}
		}
		info, err := p.file.Stat()
		if err != nil || info.Size() != want {
			t.Errorf("%s: %d bytes after 4 syncs, want %d", kind, info.Size(), want)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		rate, err := SyncRate(dir, kind, time.Millisecond)
		if err != nil || rate <= 0 {
			t.Errorf("%s: %v syncs per second, %v", kind, rate, err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("%s: left behind: %v", kind, left)
		}
	}
}
