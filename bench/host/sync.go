package host

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// frameLength is what SQLite's WAL appends for one changed page: the page of 4,096 bytes and
// its frame header of 24 (https://www.sqlite.org/fileformat2.html#walformat).
const frameLength = 4096 + 24

// SyncKind is a way to write a frame before syncing it.
type SyncKind string

// The two ways. Appending changes the file's length, so that the filesystem must commit its
// own journal too; rewriting in place need not.
const (
	Append  SyncKind = "append"
	Rewrite SyncKind = "rewrite"
)

// SyncProbe writes frames to a file of its own and syncs each.
type SyncProbe struct {
	file *os.File
	kind SyncKind
	next int64
}

// NewSyncProbe makes the probe's file in dir. Close removes it.
func NewSyncProbe(dir string, kind SyncKind) (*SyncProbe, error) {
	file, err := os.OpenFile(filepath.Join(dir, "probe-"+string(kind)), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sync probe: %w", err)
	}
	p := &SyncProbe{file: file, kind: kind}
	if err := p.Sync(); err != nil { // so that there is something to rewrite
		p.Close()
		return nil, err
	}
	return p, nil
}

// frame is noise, for disks that store zeros or repetitions for nothing.
var frame = func() []byte {
	noise := make([]byte, frameLength)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise) // never fails
	return noise
}()

// Sync writes one frame and calls fsync(2), as modernc's SQLite does.
func (p *SyncProbe) Sync() error {
	if _, err := p.file.WriteAt(frame, p.next); err != nil {
		return fmt.Errorf("sync probe: %w", err)
	}
	if p.kind == Append {
		p.next += frameLength
	}
	if err := p.file.Sync(); err != nil {
		return fmt.Errorf("sync probe: %w", err)
	}
	return nil
}

// For syncs for the given time. It returns how often, and how long that really took.
func (p *SyncProbe) For(length time.Duration) (syncs int, spent time.Duration, err error) {
	begin := time.Now()
	for time.Since(begin) < length {
		if err := p.Sync(); err != nil {
			return syncs, time.Since(begin), err
		}
		syncs++
	}
	return syncs, time.Since(begin), nil
}

// Close closes and removes the probe's file.
func (p *SyncProbe) Close() error {
	p.file.Close()
	return os.Remove(p.file.Name())
}

// SyncRate syncs for the given time and returns syncs per second.
func SyncRate(dir string, kind SyncKind, length time.Duration) (float64, error) {
	p, err := NewSyncProbe(dir, kind)
	if err != nil {
		return 0, err
	}
	defer p.Close()
	syncs, spent, err := p.For(length)
	return float64(syncs) / spent.Seconds(), err
}
