package host

import (
	"math"
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

func TestSyncProbeSyncsAtLeastOnceSoThatARateIsFinite(t *testing.T) {
	for _, length := range []time.Duration{-time.Second, 0, 1} {
		t.Run(length.String(), func(t *testing.T) {
			p, err := NewSyncProbe(t.TempDir(), Append)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			syncs, spent, err := p.For(length)
			if err != nil || syncs != 1 || spent <= 0 {
				t.Errorf("%d syncs in %v, %v, want 1", syncs, spent, err)
			}
			rate, err := SyncRate(t.TempDir(), Append, length)
			if err != nil || math.IsNaN(rate) || math.IsInf(rate, 0) || rate <= 0 {
				t.Errorf("%v syncs per second, %v", rate, err)
			}
		})
	}
}

func TestSyncRateOfAProbeThatFailsIsZero(t *testing.T) {
	if rate, err := SyncRate("/nonexistent", Append, time.Millisecond); err == nil || rate != 0 {
		t.Errorf("%v syncs per second, %v", rate, err)
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

func TestSyncWarning(t *testing.T) {
	for name, c := range map[string]struct {
		rate float64
		want bool
	}{
		"a hard disk":         {120, false},
		"a solid-state disk":  {3_500, false},
		"just possible":       {20_000, false},
		"too fast to be true": {20_001, true},
		"memory":              {900_000, true},
		"unknown":             {0, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := SyncWarning(c.rate); (got != "") != c.want {
				t.Errorf("of %v syncs per second: %q", c.rate, got)
			}
		})
	}
}
