package outcomecsv

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/outcome"
)

const release = 1000

// newRound returns a sustained round of two writers, released at 1000, with a deadline at 2000. The
// first one gets the lock twice, the second time after the deadline. The second one is refused the
// lock, and its next attempt does not report any instant of the lock.
func newRound() outcome.Round {
	return outcome.Round{
		Schedule: outcome.Schedule{Mode: outcome.Sustained, Release: release, Deadline: 2000},
		Writers: []outcome.Series{
			{Outcomes: []outcome.Outcome{
				{Start: 1001, End: 1500, Trace: outcome.Trace{
					Phase: outcome.Commit, LockAcquired: 1010, CommitStart: 1100,
					LockReleased: 1490,
				}},
				{Start: 2000, End: 2100, Trace: outcome.Trace{
					Phase: outcome.Commit, WaitStart: 2001, LockAcquired: 2050, CommitStart: 2060,
					LockReleased: 2100,
				}},
			}},
			{Outcomes: []outcome.Outcome{
				{Start: 1002, End: 1602, Code: outcome.Busy, Trace: outcome.Trace{
					Phase: outcome.Begin, WaitStart: 1012, LockWait: 590,
				}},
				{Start: 1602, End: 1700, Trace: outcome.Trace{Phase: outcome.Close}},
			}},
		},
	}
}

// write returns the CSV of a round.
func write(t *testing.T, r outcome.Round) string {
	t.Helper()
	var out strings.Builder
	w, err := NewWriter(&out)
	if err == nil {
		err = w.Write(Round{"BenchmarkSustained/writers=2", 3, 7}, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestARowForEachAttempt(t *testing.T) {
	const want = "benchmark,result,round,kind,participant,attempt,counted," +
		"intended_ns,start_ns,wait_start_ns,lock_acquired_ns,commit_start_ns,lock_released_ns," +
		"end_ns,phase,code,code_name," +
		"holders,longest_kind,longest_participant,longest_phase,longest_held_ns," +
		"held_ns,own_ns,unknown_ns,idle_ns," +
		"readers,longest_read_kind,longest_read_participant,longest_read_phase,longest_read_ns," +
		"line,longest_line\n" +
		"BenchmarkSustained/writers=2,3,7,writer,0,0,true," +
		"1,1,,10,100,490,500,commit,0,SQLITE_OK,,,,,,,,,,,,,,,,\n" +
		"BenchmarkSustained/writers=2,3,7,writer,0,1,false," +
		"1000,1000,1001,1050,1060,1100,1100,commit,0,SQLITE_OK,,,,,,,,,,,,,,,,\n" +
		"BenchmarkSustained/writers=2,3,7,writer,1,0,true," +
		"2,2,12,,,,602,begin,5,SQLITE_BUSY,1,writer,0,commit,480,478,0,0,112,0,,,,,,\n" +
		"BenchmarkSustained/writers=2,3,7,writer,1,1,true," +
		"602,602,,,,,700,close,0,SQLITE_OK,,,,,,,,,,,,,,,,\n"
	if diff := cmp.Diff(want, write(t, newRound())); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
}

// In a burst all callers come at the release, before any participant acts.
func TestCallersOfABurstComeAtTheRelease(t *testing.T) {
	r := newRound()
	r.Mode = outcome.Burst
	rows, err := csv.NewReader(strings.NewReader(write(t, r))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows[1:] {
		if intended, counted := row[7], row[6]; intended != "0" || counted != "true" {
			t.Errorf("row %d is intended at %s, counted %s", i, intended, counted)
		}
	}
}

// A COMMIT that fails with a rollback journal waits for readers.
func TestRowsOfParticipantsThatAreNotWriters(t *testing.T) {
	r := newRound()
	failed := &r.Writers[1].Outcomes[0]
	failed.Phase, failed.LockAcquired, failed.CommitStart = outcome.Commit, 1500, 1510
	failed.LockReleased = 1602
	r.Readers = []outcome.Series{{Outcomes: []outcome.Outcome{
		{Start: 1001, End: 1900, Trace: outcome.Trace{Phase: outcome.Read}},
		{Start: 2001, End: 2002, Trace: outcome.Trace{Phase: outcome.Read}},
	}}}
	r.Intruders = []outcome.Series{{Outcomes: []outcome.Outcome{
		{Start: 1700, End: 1850, Trace: outcome.Trace{
			Phase: outcome.Lock, LockAcquired: 1710, LockReleased: 1850,
		}},
	}}}
	const want = "BenchmarkSustained/writers=2,3,7,writer,1,0,true," +
		"2,2,12,500,510,602,602,commit,5,SQLITE_BUSY,0,,,,,0,92,0,0,1,reader,0,read,899,,\n" +
		"BenchmarkSustained/writers=2,3,7,writer,1,1,true," +
		"602,602,,,,,700,close,0,SQLITE_OK,,,,,,,,,,,,,,,,\n" +
		"BenchmarkSustained/writers=2,3,7,reader,0,0,true," +
		"1,1,,,,,900,read,0,SQLITE_OK,,,,,,,,,,,,,,,,\n" +
		"BenchmarkSustained/writers=2,3,7,reader,0,1,false," +
		"1001,1001,,,,,1002,read,0,SQLITE_OK,,,,,,,,,,,,,,,,\n" +
		"BenchmarkSustained/writers=2,3,7,intruder,0,0,true," +
		"700,700,,710,,850,850,lock,0,SQLITE_OK,,,,,,,,,,,,,,,,\n"
	_, rows, _ := strings.Cut(write(t, r), "writer,0,1,")
	_, rows, _ = strings.Cut(rows, "\n")
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
}

// A lock error without a holder leaves the cells of the longest hold empty.
func TestNoHolder(t *testing.T) {
	r := newRound()
	r.Writers = r.Writers[1:]
	r.Writers[0].Outcomes = r.Writers[0].Outcomes[:1]
	if text := write(t, r); !strings.HasSuffix(text, ",5,SQLITE_BUSY,0,,,,,0,0,0,590,0,,,,,,\n") {
		t.Errorf("CSV is %s", text)
	}
}

// With an SQL file a row has the statement that failed, and that of the longest hold.
func TestLinesOfAnSQLFile(t *testing.T) {
	r := newRound()
	r.Writers[0].Outcomes[0].LongestLine = 9
	r.Writers[0].Outcomes[0].CommitStart = 1480
	r.Writers[1].Outcomes[0].Line = 7
	text := write(t, r)
	if !strings.Contains(text, ",SQLITE_BUSY,1,writer,0,insert,480,478,0,0,112,0,,,,,7,9\n") {
		t.Errorf("CSV is %s", text)
	}
}

var errFull = errors.New("full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestErrorsOfTheFileAreReturned(t *testing.T) {
	if _, err := NewWriter(fullDisk{}); !errors.Is(err, errFull) {
		t.Errorf("the header: error is %v", err)
	}
	w := &Writer{csv.NewWriter(fullDisk{})}
	if err := w.Write(Round{}, newRound()); !errors.Is(err, errFull) {
		t.Errorf("a round: error is %v", err)
	}
}
