package outcome

import (
	"encoding"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestIsLock(t *testing.T) {
	for code, want := range map[Code]bool{
		QueueTimeout: true, -2: false, 518: true,
		0: false, 1: false, 5: true, 6: true, 15: true, 261: true, 517: true, 773: true, 262: true,
		10: false, 11: false, 13: false, 26: false, 2570: false,
	} {
		t.Run(code.String(), func(t *testing.T) {
			if code.IsLock() != want {
				t.Errorf("IsLock of %d is %v", code, !want)
			}
		})
	}
}

func TestCodeNames(t *testing.T) {
	for code, want := range map[Code]string{
		QueueTimeout: "QUEUE_TIMEOUT",
		-7:           "SQLITE_UNKNOWN(-7)",
		0:            "SQLITE_OK",
		BusySnapshot: "SQLITE_BUSY_SNAPSHOT",
		BusyTimeout:  "SQLITE_BUSY_TIMEOUT",
		LockedVTab:   "SQLITE_LOCKED_VTAB",
		4 | 1<<8:     "SQLITE_ABORT(260)", // not defined by SQLite
		5 | 99<<8:    "SQLITE_BUSY(25349)",
		77:           "SQLITE_UNKNOWN(77)",
	} {
		t.Run(want, func(t *testing.T) {
			if got := code.String(); got != want {
				t.Errorf("code %d is %q, want %q", code, got, want)
			}
		})
	}
}

// requireJSON checks that a value is written as its name and read back.
func requireJSON[T interface {
	comparable
	fmt.Stringer
}](t *testing.T, value T) {
	t.Run(value.String(), func(t *testing.T) {
		text, err := json.Marshal(value)
		if want := strconv.Quote(value.String()); err != nil || string(text) != want {
			t.Fatalf("JSON is %s, %v; want %s", text, err, want)
		}
		var back T
		if err := json.Unmarshal(text, &back); err != nil || back != value {
			t.Errorf("%s is read as %v, %v", text, back, err)
		}
	})
}

func TestPhasesModesAndRolesInJSON(t *testing.T) {
	for _, phase := range append(Phases, Checkpoint, Backup, Vacuum, Bulk, Lock) {
		requireJSON(t, phase)
	}
	for _, mode := range []Mode{Burst, Sustained, ColdStart} {
		requireJSON(t, mode)
	}
	for _, role := range []Role{Writer, Reader, Checkpointer, Intruder} {
		requireJSON(t, role)
	}
}

func TestUnknownNamesAreRejected(t *testing.T) {
	for name, value := range map[string]encoding.TextUnmarshaler{
		"phase": new(Phase), "mode": new(Mode), "role": new(Role),
	} {
		t.Run(name, func(t *testing.T) {
			err := value.UnmarshalText([]byte("unknown"))
			if err == nil || !strings.Contains(err.Error(), `"unknown"`) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestLengthOfARound(t *testing.T) {
	writers := []Series{
		{Outcomes: []Outcome{{End: 130}}}, {}, {Outcomes: []Outcome{{End: 170}, {End: 160}}},
	}
	for _, c := range []struct {
		name   string
		round  Round
		length int64
	}{
		{"burst", Round{Schedule: Schedule{Mode: Burst, Release: 100}, Writers: writers}, 70},
		{"burst without outcomes", Round{Schedule: Schedule{Mode: Burst, Release: 100}}, 0},
		{"sustained", Round{Schedule: Schedule{Sustained, 100, 150}, Writers: writers}, 50},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.round.Length(); got != c.length {
				t.Errorf("length is %d, want %d", got, c.length)
			}
		})
	}
}

func TestRowsOfAnAttempt(t *testing.T) {
	ids := []uuid.UUID{{1}, {2}, {3}, {4}}
	s := Series{Outcomes: make([]Outcome, 2), IDs: ids}
	if rows := s.Rows(1); s.Batch() != 2 || !slices.Equal(rows, ids[2:]) {
		t.Errorf("rows of attempt 1 are %v, batch %d", rows, s.Batch())
	}
	if (Series{}).Batch() != 0 {
		t.Error("an empty series has a batch of more than 0 rows")
	}
}
