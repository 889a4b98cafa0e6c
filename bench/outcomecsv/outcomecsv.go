// Package outcomecsv writes the attempts, reads and checkpoints of rounds as CSV, one row for each.
package outcomecsv

import (
	"encoding/csv"
	"io"
	"strconv"

	"busybench/bench/blame"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
)

// columns are the names of the columns. Instants are in ns after the release of the round. A cell
// is empty if its value is unknown or does not exist.
var columns = []string{
	"benchmark", // its name, with its axes
	"result",    // number of the result line of this benchmark, from 1
	"round",     // number of the round of this result, from 1

	"kind",        // role of the participant
	"participant", // its number among those of its kind, from 0
	"attempt",     // number of the attempt, read and so on among those of the participant, from 0
	"counted",     // false if it began after the deadline, so that no figure has it

	"intended_ns", // when the caller came, from which the latency counts
	"start_ns", "wait_start_ns", "lock_acquired_ns", "commit_start_ns", "lock_released_ns",
	"end_ns",
	"phase",     // in which it ended
	"code",      // extended SQLite result code, 0 if acknowledged, -1 for a timeout in the queue
	"code_name", // its name

	// Who held the write lock during the wait: of attempts that ended in a lock error, or waited
	// over a second. The last four add up to the wait.
	"holders", "longest_kind", "longest_participant", "longest_phase", "longest_held_ns",
	"held_ns", "own_ns", "unknown_ns", "idle_ns",

	// If it waited for readers: how many participants read, and the longest read.
	"readers", "longest_read_kind", "longest_read_participant", "longest_read_phase",
	"longest_read_ns",

	// Of an SQL file: the line of the statement that failed, and of the statement that took most of
	// the longest hold.
	"line", "longest_line",
}

// blameColumns is the number of columns that describe a [blame.Blame].
const blameColumns = 14

// Round identifies a round.
type Round struct {
	Benchmark     string
	Result, Round int // from 1
}

// Writer writes rounds as CSV. Make one with [NewWriter].
type Writer struct{ csv *csv.Writer }

// NewWriter returns a writer that has written the header.
func NewWriter(out io.Writer) (*Writer, error) {
	w := &Writer{csv.NewWriter(out)}
	if err := w.csv.Write(columns); err != nil {
		return nil, err
	}
	w.csv.Flush()
	return w, w.csv.Error()
}

// Write writes a row for each attempt, read and so on of a round, participant by participant.
func (w *Writer) Write(id Round, r outcome.Round) error {
	blames := newBlames(r)
	for by, series := range r.All() {
		counted := len(r.CountedOf(by.Role, series))
		for i, o := range series.Outcomes {
			row := []string{
				id.Benchmark, strconv.Itoa(id.Result), strconv.Itoa(id.Round),
				by.Role.String(), strconv.Itoa(by.Number), strconv.Itoa(i),
				strconv.FormatBool(i < counted),
			}
			row = append(row, describe(r, o)...)
			b := blames[key{by, i}]
			row = append(row, describeBlame(b)...)
			row = append(row, describeLines(o, b)...)
			if err := w.csv.Write(row); err != nil {
				return err
			}
		}
	}
	w.csv.Flush()
	return w.csv.Error()
}

// describe returns the cells from "intended_ns" to "code_name".
func describe(r outcome.Round, o outcome.Outcome) []string {
	at := func(instant int64) string {
		if instant == 0 {
			return ""
		}
		return strconv.FormatInt(instant-r.Release, 10)
	}
	return []string{
		at(metrics.Arrival(r, o)), at(o.Start), at(o.WaitStart), at(o.LockAcquired),
		at(o.CommitStart), at(o.LockReleased), at(o.End),
		o.Phase.String(), strconv.Itoa(int(o.Code)), o.Code.String(),
	}
}

// describeLines returns the cells from "line" on.
func describeLines(o outcome.Outcome, b *blame.Blame) []string {
	line := func(n uint16) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(int(n))
	}
	longest := ""
	if b != nil {
		longest = line(b.Longest.Line)
	}
	return []string{line(o.Line), longest}
}

// key identifies an attempt of a round.
type key struct {
	by      outcome.Participant
	attempt int
}

// newBlames returns the blame of each attempt that has one.
func newBlames(r outcome.Round) map[key]*blame.Blame {
	var keys []key
	var waits []blame.Wait
	for by, series := range r.All() {
		for i, o := range series.Outcomes {
			if wait, ok := blame.NewWait(by, o); ok {
				keys, waits = append(keys, key{by, i}), append(waits, wait)
			}
		}
	}
	if len(waits) == 0 {
		return nil
	}
	blames := map[key]*blame.Blame{}
	for i, b := range blame.NewHistory(r).Blame(waits) {
		blames[keys[i]] = &b
	}
	return blames
}

// describeBlame returns the last cells of a row, which are empty without a blame.
func describeBlame(b *blame.Blame) []string {
	if b == nil {
		return make([]string, blameColumns)
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	cells := append([]string{strconv.Itoa(b.Holders)}, describeHold(b.Longest, b.Holders)...)
	cells = append(cells, number(b.Held), number(b.Own), number(b.Unknown), number(b.Idle))
	cells = append(cells, strconv.Itoa(b.Readers))
	return append(cells, describeHold(b.LongestRead, b.Readers)...)
}

// describeHold returns the cells of the longest of n holds, which are empty if there is none.
func describeHold(h blame.Hold, n int) []string {
	if n == 0 {
		return make([]string, 4)
	}
	return []string{
		h.By.Role.String(), strconv.Itoa(h.By.Number), h.Step, strconv.FormatInt(h.To-h.From, 10),
	}
}
