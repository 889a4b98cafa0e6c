package host

import (
	"os"
	"testing"
	"time"
)

func TestSyncProbeWritesFramesAndRemovesItsFile(t *testing.T) {
	for kind, want := range map[SyncKind]int64{Append: 4 * frameLength, Rewrite: frameLength} {
		t.Run(string(kind), func(t *testing.T) {
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
				t.Errorf("%d bytes after 4 syncs, want %d", info.Size(), want)
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
			rate, err := SyncRate(dir, kind, time.Millisecond)
			if err != nil || rate <= 0 {
				t.Errorf("%v syncs per second, %v", rate, err)
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestSyncFSNeedsADirectoryThatExists(t *testing.T) {
	if err := SyncFS(t.TempDir()); err != nil {
		t.Error(err)
	}
	if err := SyncFS("/nonexistent"); err == nil {
		t.Error("no error for a directory that does not exist")
	}
}
