package outcome

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Mode is a kind of round. Its text form is its name.
type Mode uint8

// The modes.
const (
	Burst     Mode = iota // every writer makes one attempt
	Sustained             // writers make attempts until a deadline
	ColdStart             // every participant opens the file, sets it up, and reads
)

var modeNames = []string{"burst", "sustained", "cold-start"}

func (m Mode) String() string { return modeNames[m] }

// MarshalText returns the name of the mode.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText parses the name of a mode.
func (m *Mode) UnmarshalText(text []byte) error {
	i := slices.Index(modeNames, string(text))
	if i < 0 {
		return fmt.Errorf("unknown mode %q; the modes are %q", text, modeNames)
	}
	*m = Mode(i)
	return nil
}

// Schedule is when the writers of a round write.
type Schedule struct {
	Mode     Mode
	Release  int64 // when all writers begin
	Deadline int64 // when a sustained round begins no more attempts that count; unused in a burst
}

// LastStart returns the latest instant at which an attempt can begin: the deadline of a sustained
// round, the release of another one.
func (s Schedule) LastStart() int64 {
	if s.Mode == Sustained {
		return s.Deadline
	}
	return s.Release
}

// Round is a schedule with the outcomes of each participant, by its number.
type Round struct {
	Schedule
	Writers []Series
	// Readers holds an outcome for each read, Checkpointers for each checkpoint, without rows. A
	// checkpoint that could not be finished ends in a lock error. An intruder has one outcome, with
	// the rows that it inserted, or none if the round was over before it began. There is at most
	// one checkpointer and one intruder.
	Readers, Checkpointers, Intruders []Series
	// CPU is the processor time that all participants used, until each had ended its last attempt.
	// If they are goroutines, it is that of the whole process.
	CPU time.Duration
	// WALSizes are the sizes of the file of the write-ahead log, every 100 ms and at the end. There
	// is none in other journal modes, and while the file does not exist.
	WALSizes []Size
}

// Counted returns the outcomes of a writer that figures are made of: in a sustained round those
// that began before the deadline, or whose callers came before it. Later ones only kept up the load
// until all counted ones had ended.
func (r Round) Counted(s Series) []Outcome {
	if r.Mode != Sustained {
		return s.Outcomes
	}
	n := len(s.Outcomes)
	for n > 0 && cmp.Or(s.Outcomes[n-1].Intended, s.Outcomes[n-1].Start) >= r.Deadline {
		n--
	}
	return s.Outcomes[:n]
}

// countedReads returns the reads of a reader that figures are made of: those that began within the
// measured time, which ends at the instant end.
func countedReads(s Series, end int64) []Outcome {
	n := len(s.Outcomes)
	for n > 0 && s.Outcomes[n-1].Start >= end {
		n--
	}
	return s.Outcomes[:n]
}

// CountedOf returns the outcomes of a participant that figures are made of: those of
// [Round.Counted] and countedReads, and all of a checkpointer or an intruder.
func (r Round) CountedOf(role Role, s Series) []Outcome {
	switch role {
	case Writer:
		return r.Counted(s)
	case Reader:
		return countedReads(s, r.End())
	}
	return s.Outcomes
}

// End returns the end of the measured time: the deadline of a sustained round, the last outcome of
// another one.
func (r Round) End() int64 {
	if r.Mode == Sustained {
		return r.Deadline
	}
	end := r.Release
	for _, w := range r.Writers {
		for _, o := range w.Outcomes {
			end = max(end, o.End)
		}
	}
	return end
}

// Length returns the measured time in ns, from the release to [Round.End].
func (r Round) Length() int64 { return r.End() - r.Release }
