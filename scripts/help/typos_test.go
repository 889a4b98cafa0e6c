package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/runner"
)

// typo is a mistyped command.
type typo struct {
	args []string // of make
	want string   // part of the one line
	// reachesBenchmarks is true if the benchmarks reject their flags, and false if make or the
	// script rejects the command before that.
	reachesBenchmarks bool
}

var typos = []typo{
	// Variables.
	{args: []string{"bench", "WRITERS=12"}, want: "AXES='writers=12', or make quick WRITERS=12?"},
	{args: []string{"bench", "AXIS=writers=12"}, want: "did you mean AXES=writers=12?"},
	{args: []string{"bench", "axes=writers=12"}, want: "did you mean AXES=writers=12?"},
	{args: []string{"bench", "LABLE=x"}, want: "did you mean LABEL=x?"},
	{args: []string{"bench", "AXES=exec=process", "writers=2"},
		want: "did you mean AXES='exec=process writers=2'?"},
	{args: []string{"bench", "busy=5s"}, want: "did you mean AXES='busy=5s'?"},
	{args: []string{"bench", "GATE=5"}, want: "GATE is a variable of make compare"},
	{args: []string{"bench", "ROUNDS=3"}, want: "ROUNDS is a variable of make limit"},
	{args: []string{"bench", "compare", "LABLE=x"}, want: "did you mean LABEL=x?"},
	{args: []string{"quick", "KIND=process"}, want: "make quick takes WRITERS, EXEC"},
	{args: []string{"WRITERS=12"}, want: "did you mean make quick WRITERS=12?"},
	{args: []string{"plot", "LABLE=$(error expanded)"}, want: "LABEL='$(error expanded)'?"},
	{args: []string{"test", "LABEL=x"}, want: "make test takes none"},
	// Targets.
	{args: []string{"compare", "mine"}, want: "did you mean make compare LABEL=mine?"},
	{args: []string{"mine", "compare"}, want: "did you mean make compare LABEL=mine?"},
	{args: []string{"benchmark"}, want: "did you mean make bench?"},
	{args: []string{"results"}, want: `"results" is not a target; there are quick, bench`},
	{args: []string{"Makefile"}, want: `"Makefile" is not a target`},
	{args: []string{"a:b"}, want: `"a:b" is not a target`},
	{args: []string{"50%"}, want: `"50%" is not a target`},
	{args: []string{"quick", "TXN", "upgrade"}, want: "did you mean make quick TXN=upgrade?"},
	// Benchmarks.
	{args: []string{"bench", "BENCH=sustained"}, reachesBenchmarks: true,
		want: `BENCH: no benchmark matches "sustained" (did you mean Sustained?); there are Burst`},
	{args: []string{"bench", "BENCH=Sustaned"}, reachesBenchmarks: true,
		want: "did you mean Sustained?"},
	{args: []string{"bench", "BENCH=Limit"}, reachesBenchmarks: true, want: "make limit"},
	{args: []string{"bench", "BENCH=("}, reachesBenchmarks: true, want: "bad regular expression"},
	// Axes.
	{args: []string{"bench", "AXES=writters=4"}, want: "did you mean writers?"},
	{args: []string{"bench", "AXES=tables=4"}, want: "the axes are exec, journal, writers"},
	{args: []string{"bench", "AXES=journal=wall"}, want: "did you mean wal?"},
	{args: []string{"bench", "AXES=exec=goroutines"}, want: "did you mean goroutine?"},
	{args: []string{"bench", "AXES=txn=begin-immediate"}, want: "did you mean immediate?"},
	{args: []string{"bench", "AXES=conn=4"}, want: "fresh, held, pool"},
	{args: []string{"bench", "AXES=busy=5000"}, want: "did you mean 5s, 5000 ms?"},
	{args: []string{"bench", "AXES=writers=1..256"}, want: "whole numbers from 1"},
	{args: []string{"bench", "AXES=writers=1k"}, want: "whole numbers from 1"},
	{args: []string{"bench", "AXES=writers = 200"}, want: `did you mean "writers=200"?`},
	{args: []string{"bench", "AXES=writers=200, 400"}, want: `did you mean "writers=200,400"?`},
	{args: []string{"bench", "AXES=queue=transaction"}, want: "without busy=queue"},
	{args: []string{"limit", "WRITERS=10"}, want: "did you mean MAX=10?"},
	{args: []string{"limit", "AXES=writers=10"},
		want: "limit: AXES: leave out writers, which is searched for up to MAX"},
	{args: []string{"limit", "AXES=rate=50"},
		want: "limit: AXES: rate must be closed with OVER=writers; OVER=rate searches for a rate"},
	{args: []string{"limit", "OVER=rate", "AXES=rate=50"},
		want: "limit: AXES: leave out rate, which is searched for up to MAX"},
	{args: []string{"limit", "OVER=rate", "AXES=think=1ms"}, want: "limit: AXES: leave out think"},
	{args: []string{"limit", "RATE=50"}, want: "did you mean OVER=rate?"},
	{args: []string{"limit", "ROUND=5s"}, want: "limit: ROUND has an effect with OVER=rate only"},
	{args: []string{"quick", "BUSY=5"}, want: "did you mean 5s, or 5ms?"},
	{args: []string{"quick", "JOURNAL=wall"}, want: "did you mean wal?"},
	// Values.
	{args: []string{"bench", "COUNT=0"}, want: `bad COUNT "0"; give a whole number`},
	{args: []string{"bench", "COUNT=ten"}, want: `bad COUNT "ten"; give a whole number`},
	{args: []string{"bench", "LABEL=my run"}, want: `bad label "my run"`},
	{args: []string{"bench", "LABEL=."}, want: `bad label "."`},
	{args: []string{"bench", "LABEL=.."}, want: `bad label ".."`},
	{args: []string{"bench", "LABEL=../x"}, want: "give a name such as mine"},
	{args: []string{"bench", "DIR=/no/such/directory"}, reachesBenchmarks: true,
		want: `bench: DIR: "/no/such/directory" does not exist`},
	{args: []string{"quick", "DIR="}, want: "quick: DIR is empty; give a directory"},
	{args: []string{"bench", "ROUND=1"}, reachesBenchmarks: true,
		want: `bench: bad ROUND "1": give a duration`},
	{args: []string{"limit", "P99=250"}, reachesBenchmarks: true,
		want: `limit: bad P99 "250": give a duration`},
	{args: []string{"limit", "ERRORS=-1"}, reachesBenchmarks: true,
		want: `limit: bad ERRORS "-1": give a whole number from 0`},
	{args: []string{"limit", "OVER=rates", "AXES=writers=2"}, reachesBenchmarks: true,
		want: `limit: bad OVER "rates": give writers or rate`},
	{args: []string{"limit", "ERRORS=101%"}, reachesBenchmarks: true,
		want: `limit: bad ERRORS "101%": give a share from 0% to 100%`},
	{args: []string{"limit", "MAX=lots"}, reachesBenchmarks: true, want: `bad MAX "lots"`},
	{args: []string{"profile", "TIME=soon"}, want: `TIME: bad time "soon"`},
	{args: []string{"locks"}, want: "locks: DB is empty; give the path of a database"},
	{args: []string{"locks", "DB=/no/such"}, want: `locks: DB: "/no/such" does not exist`},
	{args: []string{"locks", "DB=go.mod"}, want: `locks: DB: "go.mod" is not a SQLite database`},
	{args: []string{"locks", "FILE=app.db"}, want: "make locks takes DB, WATCH, EVERY, LABEL"},
	// Snapshots.
	{args: []string{"compare", "LABEL=default", "BY=txm"},
		want: "BY=txm: no such axis (did you mean txn?)"},
	{args: []string{"compare", "LABEL=default", "BENCH=Sustaned"}, want: "did you mean Sustained?"},
	{args: []string{"compare", "LABEL=no-such-label"}, want: "no-such-label"},
	{args: []string{"compare", "LABEL=defualt"}, want: "does not exist (did you mean default?)"},
	{args: []string{"plot", "LABEL=polices"}, want: "does not exist (did you mean policies?)"},
	{args: []string{"plot", "LABEL=default", "BY=txm"},
		want: "there is no such axis (did you mean txn?)"},
	{args: []string{"compare", "OLD=default"}, want: "OLD and NEW go together"},
	{args: []string{"compare", "LABEL=default", "GATE=5"}, want: "GATE needs two snapshots"},
	{args: []string{"compare", "LABEL=default", "BY=exec=thread,process"}, want: "no exec=thread"},
}

// A mistyped command gets one line that helps. Nothing is measured and nothing is left.
func TestTypos(t *testing.T) {
	newCommand := newMake(t)
	for _, c := range typos {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			dir := t.TempDir()
			args := slices.Clone(c.args)
			if c.reachesBenchmarks {
				// A variable that is given twice has its last value.
				label := "LABEL=" + filepath.Join(dir, "x.txt")
				args = append([]string{"DIR=" + dir, label}, args...)
			}
			cmd := newCommand(args...)
			cmd.Env = append(cmd.Env, runner.BinaryVariable+"="+binary(t, c, dir))
			before := readResults(t)
			stdout, stderr, status := execute(t, cmd)
			if status == 0 || stdout != "" {
				t.Errorf("ended with %d and printed %q", status, stdout)
			}
			lines := linesOfScripts(stderr)
			if len(lines) != 1 || !strings.Contains(lines[0], c.want) {
				t.Errorf("printed %q, want one line with %q", lines, c.want)
			}
			requireEmpty(t, dir)
			if after := readResults(t); !slices.Equal(before, after) {
				t.Errorf("results are %q, were %q", after, before)
			}
		})
	}
}

// binary returns a test binary: the benchmarks, or a file that cannot be executed if they must not
// even be asked.
func binary(t *testing.T, c typo, dir string) string {
	if c.reachesBenchmarks {
		return benchtest.Binary(t)
	}
	return filepath.Join(dir, "must-not-be-executed")
}
