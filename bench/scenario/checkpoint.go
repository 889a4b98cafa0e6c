package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CheckpointModes are the modes of PRAGMA wal_checkpoint
// (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
var CheckpointModes = []string{"passive", "full", "restart", "truncate"}

// Checkpoint is a value of the checkpoint axis: who moves the pages of the write-ahead log into the
// database. Its text form is a word of the axis. The zero value is SQLite's default.
type Checkpoint struct {
	// Mode is one of [CheckpointModes] for a connection that does only that. It is [Off] if no
	// connection does it, and otherwise empty: writers do it when they commit.
	Mode  string
	Every time.Duration // between two checkpoints of that connection
	Pages int           // of the log, from which on a commit does it; 0 for SQLite's 1,000
}

// maxCheckpointPages is a log of 40 GB with pages of 4 KiB.
const maxCheckpointPages = 10_000_000

const checkpointValues = "auto, auto:PAGES, off, or passive, full, restart or truncate with an " +
	"interval of up to 1h such as passive:1s"

// Extra reports whether a participant of its own makes the checkpoints.
func (c Checkpoint) Extra() bool { return c.Every > 0 }

// AutoPages returns the value of PRAGMA wal_autocheckpoint, and false if it is SQLite's default.
func (c Checkpoint) AutoPages() (pages int, given bool) { return c.Pages, c != Checkpoint{} }

// String returns the word of the axis.
func (c Checkpoint) String() string {
	switch {
	case c.Extra():
		return c.Mode + ":" + c.Every.String()
	case c.Mode == Off:
		return Off
	case c.Pages > 0:
		return Auto + ":" + strconv.Itoa(c.Pages)
	}
	return Auto
}

// MarshalText implements [encoding.TextMarshaler].
func (c Checkpoint) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *Checkpoint) UnmarshalText(text []byte) error {
	parsed, ok := parseCheckpoint(string(text))
	if !ok {
		return fmt.Errorf("bad checkpoint %q; give %s", text, checkpointValues)
	}
	*c = parsed
	return nil
}

func parseCheckpoint(text string) (c Checkpoint, ok bool) {
	mode, value, given := strings.Cut(text, ":")
	switch {
	case text == Auto:
		return Checkpoint{}, true
	case text == Off:
		return Checkpoint{Mode: Off}, true
	case mode == Auto && given:
		pages, err := strconv.Atoi(value)
		return Checkpoint{Pages: pages}, err == nil && pages > 0 && pages <= maxCheckpointPages
	}
	every, err := time.ParseDuration(value)
	ok = slices.Contains(CheckpointModes, mode) && err == nil && every > 0 && every <= maxPause
	return Checkpoint{Mode: mode, Every: every}, ok
}
