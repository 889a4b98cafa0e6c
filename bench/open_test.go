package bench

import (
	"os"
	"strings"
	"testing"

	"busybench/bench/host"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// BenchmarkOpen asks what happens when programs start at once: each opens the file, sets the
// journal mode, creates the table if it is missing, and reads. Every round begins with a fresh copy
// of the same file.
func BenchmarkOpen(b *testing.B) {
	env.SQL.skip(b)
	runMatrix(b, env, openAxes(env.axesOf("Open")), outcome.ColdStart)
}

// newColdRounds returns rounds of cold starts on files with 50 rows.
func newColdRounds(t *testing.T, axes string) *rounds {
	t.Helper()
	r, err := newRounds(env, scenarioFor(t, "rows=50 "+axes), outcome.ColdStart)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.fleet.Close()
		if r.cold != nil {
			r.cold.remove()
		}
	})
	return r
}

var coldFiles = []string{"missing", "delete", "wal", "hot", "abandoned"}

func TestALoneParticipantStartsOnEveryFile(t *testing.T) {
	for _, exec := range []string{"goroutine", "process"} {
		for _, journal := range []string{"delete", "wal"} {
			for _, file := range coldFiles {
				t.Run(exec+"/"+journal+"/"+file, func(t *testing.T) {
					r := newColdRounds(t,
						"writers=1 exec="+exec+" journal="+journal+" file="+file)
					for range 2 { // the second one must find the same file
						round, err := r.next()
						if err != nil {
							t.Fatal(err)
						}
						if o := round.Writers[0].Outcomes[0]; !o.Acknowledged() {
							t.Errorf("ended in %v in %v", o.Code, o.Phase)
						}
					}
				})
			}
		}
	}
}

func TestParticipantsThatStartAtOnce(t *testing.T) {
	for _, axes := range []string{
		"exec=process journal=wal busy=60s migrate=each txn=immediate",
		"exec=process journal=wal busy=retry:60s order=pragma-first migrate=each",
		"exec=process journal=wal busy=queue:60s",
		"exec=goroutine journal=delete busy=none order=pragma-first",
	} {
		for _, file := range coldFiles {
			t.Run(axes+"/"+file, func(t *testing.T) {
				round, err := newColdRounds(t, axes+" writers=4 file="+file).next()
				if err != nil {
					t.Fatal(err)
				}
				waits := strings.Contains(axes, "retry") || strings.Contains(axes, "queue")
				for n, w := range round.Writers {
					o := w.Outcomes[0]
					if !o.Acknowledged() && (waits || !o.LockError()) {
						t.Errorf("participant %d ended in %v in %v", n, o.Code, o.Phase)
					}
				}
			})
		}
	}
}

// The rows that a killed writer left in the log are lost without it. Without the hot journal some
// of an unfinished transaction's rows are in the file: with 1,000 rows SQLite begins to write with
// the last page of the table.
func TestTheFilesOfKilledWritersNeedTheirJournals(t *testing.T) {
	for axes, suffix := range map[string]string{
		"file=hot rows=1000": "-journal", "file=abandoned rows=50": "-wal",
	} {
		t.Run(axes, func(t *testing.T) {
			s := scenarioFor(t, "exec=process journal=wal writers=1 "+axes)
			f, err := newColdFile(t.TempDir(), s, 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, keep := range []bool{true, false} {
				db, err := f.copy(t.TempDir())
				if err != nil {
					t.Fatal(err)
				}
				if !keep {
					if err := os.Remove(db.path + suffix); err != nil {
						t.Fatal(err)
					}
				}
				if err := db.checkColdStart(outcome.Round{}, s); keep != (err == nil) {
					t.Errorf("with its journal %v: error is %v", keep, err)
				}
			}
		})
	}
}

func TestAFileThatIsNotAsParticipantsReport(t *testing.T) {
	started := outcome.Outcome{Trace: outcome.Trace{Phase: outcome.FirstRead}}
	failed := started
	failed.Phase, failed.Code = outcome.Journal, outcome.Busy
	for _, c := range []struct {
		name, axes string
		o          outcome.Outcome
		want       string
	}{
		{"in the mode that was set", "file=wal journal=wal", started, ""},
		{"not in the mode that was set", "file=delete journal=wal", started, "is delete after"},
		{"in the old mode, and none set another", "file=delete journal=wal", failed, ""},
		{"without a table that was read", "file=missing journal=delete", started, "0 objects"},
		{"without a table, and none succeeded", "file=missing journal=delete", failed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scenarioFor(t, "exec=process writers=1 rows=2 "+c.axes)
			f, err := newColdFile(t.TempDir(), s, 1)
			if err != nil {
				t.Fatal(err)
			}
			if s.File == scenario.MissingFile {
				if err := os.WriteFile(f.path, nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			r := outcome.Round{
				Schedule: outcome.Schedule{Mode: outcome.ColdStart},
				Writers:  []outcome.Series{{Outcomes: []outcome.Outcome{c.o}}},
			}
			err = f.checkColdStart(r, s)
			if (err != nil) != (c.want != "") || err != nil &&
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q", err, c.want)
			}
		})
	}
}

func TestOrdersOfOpenWithoutATimeout(t *testing.T) {
	for axes, want := range map[string]int{"": 10, "busy=none,retry": 10, "busy=none,5s": 20} {
		t.Run(axes, func(t *testing.T) {
			given, err := scenario.Parse(axes)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(openAxes(given).Cases()); n != want {
				t.Errorf("%d cases, want %d", n, want)
			}
		})
	}
}

func TestALogThatDoesNotFitOnTheDisk(t *testing.T) {
	s := scenarioFor(t, "exec=process journal=wal writers=1 rows=1000 file=wal")
	memory, disk := host.Capacity{Free: 1 << 40}, host.Capacity{Free: 1 << 20, Limit: "/x"}
	if err := rowsFit(s, memory, disk); err != nil {
		t.Error(err)
	}
	s.File = scenario.AbandonedFile
	if err := rowsFit(s, memory, disk); err == nil || !strings.Contains(err.Error(), "disk space") {
		t.Errorf("error is %v", err)
	}
}

func TestOpenLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	out := output(t, command(dir, "-test.bench", "Open", "-test.benchtime", "1x",
		"-axes", "rows=5 writers=2"))
	requireEmpty(t, dir)
	for _, file := range coldFiles {
		for _, order := range []string{"timeout-first", "pragma-first"} {
			row := "BenchmarkOpen/exec=process/journal=wal/writers=2/file=" + file +
				"/order=" + order
			if !strings.Contains(out, row) {
				t.Errorf("no row %s in\n%s", row, out)
			}
		}
	}
}
