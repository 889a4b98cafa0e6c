package bench

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestBadFlagsGetOneLine(t *testing.T) {
	for _, c := range []struct {
		args string // separated by spaces
		want []string
	}{
		{"-axes speed=9", []string{`"speed"`, "exec, journal, writers"}},
		{"-axes writers=0", []string{`"0"`, "writers", "whole numbers from 1"}},
		{"-axes busy=sometimes", []string{`"sometimes"`, "none, block, retry, queue"}},
		{"-axes busy=queue:soon", []string{`"queue:soon"`, "busy", "queue:D"}},
		{"-axes batch=0", []string{`"0"`, "batch", "whole numbers from 1"}},
		{"-axes exec=process writers=2", []string{`"writers=2"`, "quote axes"}},
		{"-round soon", []string{"-round", `"soon"`, "1s"}},
		{"-round 0s", []string{"-round", `"0s"`, "above 0"}},
		{"-seed x", []string{"-seed", `"x"`, "whole number"}},
		{"-limit.max 0", []string{"-limit.max", `"0"`, "from 1"}},
		{"-limit.rounds few", []string{"-limit.rounds", `"few"`, "from 1"}},
		{"-limit.errors -1", []string{"-limit.errors", `"-1"`, "from 0"}},
		{"-limit.errors 101%", []string{"-limit.errors", `"101%"`, "0% to 100%"}},
		{"-limit.over rates", []string{"-limit.over", `"rates"`, "give writers or rate"}},
		{"-test.bench Limit -limit -limit.over rate -axes rate=50", []string{"-axes", "leave out"}},
		{"-test.bench Limit -limit -axes rate=50", []string{"-axes", "closed", "-limit.over=rate"}},
		{"-test.bench Limit -limit -limit.over rate -axes think=1ms", []string{"-axes", "think"}},
		{"-driver mine", []string{"-driver", `"mine"`, "NAME=COMMAND"}},
		{"-driver Mine=x", []string{"-driver", `"Mine"`, "lower-case"}},
		{"-driver zombiezen=x", []string{"-driver", "another name"}},
		{"-driver mine=", []string{"-driver", "empty"}},
		{"-driver mine='", []string{"-driver", `"'"`}},
		{"-driver mine=x -driver mine=y", []string{"-driver", "mine", "each driver one"}},
		{"-driver mine=x", []string{"-driver", "no case has driver=mine"}},
		{"-axes driver=pyhton", []string{"-axes", "driver pyhton has no command", "mean python?"}},
		{"-sql /missing.sql", []string{"-sql: /missing.sql: no such file or directory; give an"}},
		{"-sql doc.go", []string{"-sql", "doc.go:1: a statement before the first section"}},
		{"-test.bench Ceiling -sql workload/counter.sql", []string{"-sql", `"Ceiling"`, "Burst"}},
		{"-limit.p99 5", []string{"-limit.p99", `"5"`, "1s"}},
		{"-limit.time 0s", []string{"-limit.time", `"0s"`, "above 0"}},
		{"-faults.kills 0", []string{"-faults.kills", `"0"`, "from 1"}},
		{"-faults.rows many", []string{"-faults.rows", `"many"`, "from 0"}},
		{"-powerloss.cuts 0", []string{"-powerloss.cuts", `"0"`, "from 1"}},
		{"-powerloss.rows many", []string{"-powerloss.rows", `"many"`, "from 0"}},
		{"-anatomy /missing/file", []string{"-anatomy", "/missing/file", "existing directory"}},
		{"-anatomy /dev/null", []string{"-anatomy", "/dev/null", "regular file"}},
		{"-anatomy DIR/x -timeline DIR/../NAME/x", []string{"-anatomy and -timeline", "same file"}},
		{"-anatomy DIR/x\n", []string{"-anatomy", `x\n"`, "control character"}},
		{"-timeline /missing/file", []string{"-timeline", "/missing/file", "existing directory"}},
		{"-outcomes /missing/file", []string{"-outcomes", "/missing/file", "existing directory"}},
		{"-outcomes /dev/null", []string{"-outcomes", "/dev/null", "regular file"}},
		{"-outcomes DIR/x\n", []string{"-outcomes", `x\n"`, "control character"}},
		{"-timeline DIR/x -outcomes DIR/x", []string{"-timeline and -outcomes", "same file"}},
		{"-profile /proc/x", []string{"-profile", "/proc/x", "directory"}},
		{"-dir /nonexistent", []string{"-dir", "/nonexistent", "existing directory"}},
		{"-dir /proc", []string{"-dir", "/proc", "not writable"}},
		{"-test.bench (", []string{"-bench", `"("`, "regular expression"}},
		{"-test.bench Burst/(", []string{"-bench", `"Burst/("`, "regular expression"}},
		{"-test.bench (a/b", []string{"-bench", `"(a/b"`, "regular expression"}},
		{"-test.bench Sustaned", []string{"-bench", `"Sustaned"`, "did you mean Sustained?"}},
		{"-test.bench Limit", []string{"-bench", "-limit"}},
		{"-test.bench Faults -limit", []string{"-bench", "-faults"}},
		{"-test.run [", []string{"-run", `"["`, "regular expression"}},
		{"-nonsense", []string{"-nonsense"}},
	} {
		t.Run(c.args, func(t *testing.T) {
			dir := t.TempDir()
			paths := strings.NewReplacer("NAME", filepath.Base(dir), "DIR", dir)
			args := strings.Split("-test.bench . "+paths.Replace(c.args), " ")
			cmd := command(dir, args...)
			out, err := cmd.Output()
			stderr := cmd.Stderr.(*bytes.Buffer).String()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 2 {
				t.Errorf("exit status is not 2: %v", err)
			}
			if len(out) != 0 || strings.Count(stderr, "\n") != 1 {
				t.Errorf("printed %q and %q, want one line", out, stderr)
			}
			for _, want := range c.want {
				if !strings.Contains(stderr, want) {
					t.Errorf("%q does not contain %q", stderr, want)
				}
			}
			requireEmpty(t, dir)
		})
	}
}

func TestHelpListsTheFlags(t *testing.T) {
	dir := t.TempDir()
	cmd := command(dir, "-h")
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
	help := cmd.Stderr.(*bytes.Buffer).String()
	for _, want := range []string{"-axes", "-dir", "-limit.max", "-faults.kills", "-test.bench",
		"(default \".\")", "benchmarks: Burst, Sustained"} {
		if !strings.Contains(help, want) {
			t.Errorf("no %s in %s", want, help)
		}
	}
	if strings.Index(help, "\n  -axes ") > strings.Index(help, "\n  -test.bench ") ||
		!strings.HasPrefix(help, "usage: go test -bench PATTERN ./bench [flags], or ") {
		t.Errorf("the flags of the benchmarks are not first in %s", help)
	}
	requireEmpty(t, dir)
}
