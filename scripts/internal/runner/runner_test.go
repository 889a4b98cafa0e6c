package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"busybench/scripts/internal/golden"
)

const result = "BenchmarkBurst/exec=process/journal=wal/writers=8-2 \t 10\t 5 ns/op\n"

// passing is a pass that prints a text and ends with an error, or none.
func passing(text string, err error) runFunc {
	return func(_ context.Context, _ int, out io.Writer) error {
		if _, err := io.WriteString(out, text); err != nil {
			return err
		}
		return err
	}
}

func TestPassesWriteWholeOrNotAtAll(t *testing.T) {
	ill := errors.New("the benchmarks failed")
	for _, c := range []struct {
		name    string
		pass    runFunc
		says    string // by the error
		whole   bool   // a new snapshot is there
		partial bool   // a partial one is
	}{
		{"good", passing("sqlite: 3\n"+result, nil), "", true, false},
		{"failing", passing(result+"--- FAIL: BenchmarkX\n    x.go:1: row 5 is lost\nPASS\n", ill), "row 5 is lost", false, true},
		{"failing at once", passing("", ill), "the benchmarks failed", false, false},
		{"matching nothing", passing("sqlite: 3\nPASS\n", nil), `no benchmark matches BENCH="."`, false, false},
	} {
		s := Settings{bench: ".", count: 3, path: filepath.Join(t.TempDir(), "x.txt"), command: "make bench"}
		if err := os.WriteFile(s.path, []byte("before"), 0o600); err != nil {
			t.Fatal(err)
		}
		err := s.runAll(context.Background(), c.pass, io.Discard)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error is %v, want %q", c.name, err, c.says)
		}
		text, err := os.ReadFile(s.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(text) != "before"; got != c.whole {
			t.Errorf("%s: the snapshot is new: %v, want %v", c.name, got, c.whole)
		}
		if n := strings.Count(string(text), "Benchmark"); c.whole && n != 3 {
			t.Errorf("%s: %d results of 3 passes", c.name, n)
		}
		_, err = os.Stat(strings.TrimSuffix(s.path, ".txt") + ".partial.txt")
		if got := err == nil; got != c.partial {
			t.Errorf("%s: a partial snapshot is there: %v, want %v", c.name, got, c.partial)
		}
	}
}

func TestPassesMakeTheResultsDirectory(t *testing.T) {
	s := Settings{count: 1, path: filepath.Join(t.TempDir(), "results", "x.txt")}
	if err := s.runAll(context.Background(), passing(result, nil), io.Discard); err != nil {
		t.Error(err)
	}
}

// Three passes of two benchmarks that take 2 and 4 seconds.
func TestProgress(t *testing.T) {
	var out strings.Builder
	p := newProgress(3, &out)
	clock := time.Unix(0, 0)
	p.now = func() time.Time { return clock }
	for p.beginPass() {
		for _, d := range []time.Duration{2, 4} {
			clock = clock.Add(d * time.Second)
			p.line("sqlite: 3.54.1")
			p.line(fmt.Sprintf("BenchmarkBurst/writers=%d-2  1  5 ns/op", d))
		}
	}
	p.end()
	golden.Check(t, "progress.golden", out.String())
}

func TestSettings(t *testing.T) {
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	script := Config{Command: "make bench", Bench: ".", Count: 10, Label: "latest", Flags: func(scratch string) []string { return []string{"-profile=" + scratch} },
		Options: []Option{{Name: "MAX", Flag: "-limit.max"}, {Name: "TIME", Flag: "-x", Check: func(string) error { return errors.New("never") }}}}
	s, err := script.Read(env())
	if err != nil || s.count != 10 || s.bench != "." || s.path != "results/latest.txt" || s.command != "make bench" {
		t.Errorf("defaults are %+v, %v", s, err)
	}
	s, err = script.Read(env("AXES", "writers=1 busy='x'", "COUNT", "3", "LABEL", "mine"))
	if want := `make bench AXES='writers=1 busy='\''x'\''' COUNT='3' LABEL='mine'`; err != nil || s.command != want {
		t.Errorf("command is %s, %v, want %s", s.command, err, want)
	}
	s, err = script.Read(env("MAX", "8"))
	args := s.args("here", 1)
	if err != nil || !slices.Equal(args[len(args)-2:], []string{"-profile=here", "-limit.max=8"}) || s.command != "make bench MAX='8'" {
		t.Errorf("arguments are %q, command %s, %v", args, s.command, err)
	}
	script.Seeded = true
	s, err = script.Read(env("SEED", "7"))
	if args := s.args("here", 3); err != nil || !slices.Contains(args, "-seed=9") || s.command != "make bench SEED='7'" {
		t.Errorf("arguments of the third pass are %q, command %s, %v", args, s.command, err)
	}
	for _, bad := range [][]string{{"SEED", "-1"}, {"COUNT", "0"}, {"COUNT", "many"}, {"COUNT", "-1"}, {"LABEL", "a b"}, {"TIME", "never"}} {
		if _, err := script.Read(env(bad...)); err == nil || !strings.Contains(err.Error(), bad[0]) || !strings.Contains(err.Error(), bad[1]) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}
