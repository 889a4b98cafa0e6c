package host

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// SyncFS writes out all dirty pages of the filesystem that a directory is on (syncfs(2)), so that
// the next measurement does not pay for earlier writes: removed files, or inserts without a sync.
func SyncFS(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.Syncfs(int(f.Fd())); err != nil {
		return fmt.Errorf("syncfs %s: %w", dir, err)
	}
	return nil
}

// maxDiskRate is the number of syncs per second above which no disk without a cache of its own has
// written them: each would have 50 µs.
const maxDiskRate = 20_000

// SyncWarning says why results may mislead if a disk syncs this often per second. It is empty if a
// disk can. It does not name the rate, so that it is the same in all runs.
func SyncWarning(rate float64) string {
	if rate <= maxDiskRate {
		return ""
	}
	return "the disk syncs over 20,000 times a second, which only a cache can: figures of " +
		"sync=full are those of the cache, and unless a battery protects it, a power cut loses " +
		"acknowledged rows"
}

// frameLength is what SQLite's WAL appends for one changed page: the page of 4,096 bytes and
// its frame header of 24 (https://www.sqlite.org/fileformat2.html#walformat).
const frameLength = 4096 + 24

// SyncKind is a way to write a frame before syncing it.
type SyncKind string

// Appending changes the file's length, so that the filesystem must commit its own journal too.
// Rewriting in place does not.
const (
	Append  SyncKind = "append"
	Rewrite SyncKind = "rewrite"
)

// SyncProbe writes frames to a file of its own and syncs each.
type SyncProbe struct {
	file  *os.File
	kind  SyncKind
	frame []byte // noise, in case a disk compresses or drops repeated blocks
	next  int64
}

// NewSyncProbe creates the probe's file in dir. Close removes it.
func NewSyncProbe(dir string, kind SyncKind) (*SyncProbe, error) {
	path := filepath.Join(dir, "probe-"+string(kind))
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sync probe: %w", err)
	}
	p := &SyncProbe{file: file, kind: kind, frame: make([]byte, frameLength)}
	_, _ = rand.NewChaCha8([32]byte{}).Read(p.frame) // never fails
	if err := p.Sync(); err != nil {                 // the frame that Rewrite rewrites
		p.Close()
		return nil, err
	}
	return p, nil
}

// Sync writes one frame and calls fsync(2), as modernc's SQLite does.
func (p *SyncProbe) Sync() error {
	if _, err := p.file.WriteAt(p.frame, p.next); err != nil {
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

// For syncs for a given time, and at least once. It returns the number of syncs and the time they
// took.
func (p *SyncProbe) For(length time.Duration) (syncs int, spent time.Duration, err error) {
	begin := time.Now()
	for {
		err := p.Sync()
		spent = time.Since(begin)
		if err != nil {
			return syncs, spent, err
		}
		syncs++
		if spent >= length {
			return syncs, spent, nil
		}
	}
}

// Close closes and removes the probe's file.
func (p *SyncProbe) Close() error {
	p.file.Close()
	return os.Remove(p.file.Name())
}

// SyncRate syncs for a given time, and at least once, and returns syncs per second.
func SyncRate(dir string, kind SyncKind, length time.Duration) (float64, error) {
	p, err := NewSyncProbe(dir, kind)
	if err != nil {
		return 0, err
	}
	defer p.Close()
	syncs, spent, err := p.For(length)
	if err != nil {
		return 0, err
	}
	return float64(syncs) / spent.Seconds(), nil
}
