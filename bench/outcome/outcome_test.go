package outcome

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"
)

func TestLockCodes(t *testing.T) {
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
		if got := code.String(); got != want {
			t.Errorf("code %d is %q, want %q", code, got, want)
		}
	}
}

func TestNamesSurviveJSON(t *testing.T) {
	for _, phase := range Phases {
		var back Phase
		text, err := json.Marshal(phase)
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || back != phase {
			t.Errorf("phase %v became %v by way of %s, %v", phase, back, text, err)
		}
	}
	for _, mode := range []Mode{Burst, Sustained} {
		var back Mode
		text, err := json.Marshal(mode)
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || back != mode {
			t.Errorf("mode %v became %v by way of %s, %v", mode, back, text, err)
		}
	}
	var p Phase
	var m Mode
	if p.UnmarshalText([]byte("nap")) == nil || m.UnmarshalText([]byte("nap")) == nil {
		t.Error("an unknown name is accepted")
	}
}

func TestRoundEnd(t *testing.T) {
	writers := []Series{{Outcomes: []Outcome{{End: 130}}}, {}, {Outcomes: []Outcome{{End: 170}, {End: 160}}}}
	for _, c := range []struct {
		name   string
		round  Round
		length int64
	}{
		{"burst", Round{Schedule{Mode: Burst, Release: 100}, writers}, 70},
		{"burst without outcomes", Round{Schedule{Mode: Burst, Release: 100}, nil}, 0},
		{"sustained", Round{Schedule{Sustained, 100, 150}, writers}, 50},
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
	if rows := s.Rows(1); s.Batch() != 2 || len(rows) != 2 || rows[0] != ids[2] || rows[1] != ids[3] {
		t.Errorf("rows of attempt 1 are %v, batch %d", rows, s.Batch())
	}
	if (Series{}).Batch() != 0 {
		t.Error("an empty series has rows")
	}
}
