package main

import (
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

func TestTwoSnapshots(t *testing.T) {
	older := sample(t, "before.txt", same)
	newer := sample(t, "after.txt", func(line string) string {
		return tenfold("p99-ns")(replace("go: go1.26.8", "go: go1.27")(line))
	})
	var out strings.Builder
	if err := run(&out, golden.Getenv("OLD", older, "NEW", newer, "BENCH", "Burst")); err != nil {
		t.Fatal(err)
	}
	text := stored(t, newer, "vs-before.txt")
	// The directories of this test are no part of what is expected.
	directories := strings.NewReplacer(filepath.Dir(older)+"/", "", filepath.Dir(newer)+"/", "")
	golden.Check(t, "two.golden", directories.Replace(text))
	path := snapshot.Sibling(newer, "vs-before.txt")
	if !strings.HasSuffix(out.String(), "stored in\n  "+path+"\n") {
		t.Errorf("the path %s is not in the last line:\n%s", path, &out)
	}
}

func TestADifferentEnvironmentIsAWarning(t *testing.T) {
	older := sample(t, "old.txt", same)
	for key, value := range map[string]string{
		"driver":     "x",
		"sqlite":     "3.0",
		"filesystem": "xfs",
		"kernel":     "Linux 1",
		"cores":      "64",
		"go":         "go1",
	} {
		t.Run(key, func(t *testing.T) {
			newer := sample(t, "new.txt", func(line string) string {
				if strings.HasPrefix(line, key+": ") {
					return fmt.Sprintf("%s: %s\n", key, value)
				}
				return line
			})
			var out strings.Builder
			if err := run(&out, golden.Getenv("OLD", older, "NEW", newer)); err != nil {
				t.Fatal(err)
			}
			text := stored(t, newer, "vs-old.txt")
			warning := fmt.Sprintf("\n# warning: the snapshots differ in %s: ", key)
			end := fmt.Sprintf("then %q\n", value)
			if n := strings.Count(text, warning); n != 1 || !strings.Contains(text, end) {
				t.Errorf("%d warnings in the file, want 1:\n%s", n, text)
			}
			if strings.Contains(text, "\n"+key+": ") {
				t.Errorf("the file has the table twice, for each %s:\n%s", key, text)
			}
			warning = fmt.Sprintf("Warning: the snapshots differ in %s: ", key)
			end = fmt.Sprintf("then %q.", value)
			printed := oneLine(out.String())
			if n := strings.Count(printed, warning); n != 1 || !strings.Contains(printed, end) {
				t.Errorf("%d warnings are printed, want 1:\n%s", n, &out)
			}
		})
	}
}

// A variable of Go's runtime is in the header only if it is set.
func TestAHeaderLineOfOneSnapshotOnlyIsAWarning(t *testing.T) {
	older := sample(t, "old.txt", same)
	newer := sample(t, "new.txt", replace("cores: 2\n", "cores: 2\ngoenv: GOMEMLIMIT=1MiB\n"))
	var out strings.Builder
	if err := run(&out, golden.Getenv("OLD", older, "NEW", newer)); err != nil {
		t.Fatal(err)
	}
	want := `Warning: the snapshots differ in goenv: "", then "GOMEMLIMIT=1MiB".`
	if !strings.Contains(out.String(), want) {
		t.Errorf("no %s in\n%s", want, &out)
	}
}

func TestADifferentSettingIsNoWarning(t *testing.T) {
	older := sample(t, "old.txt", same)
	newer := sample(t, "new.txt", replace("round: 50ms", "round: 1s"))
	var out strings.Builder
	if err := run(&out, golden.Getenv("OLD", older, "NEW", newer)); err != nil {
		t.Fatal(err)
	}
	want := `The snapshots differ in round: "50ms", then "1s".`
	if !strings.Contains(out.String(), want) || strings.Contains(out.String(), "Warning:") {
		t.Errorf("no %s, or a warning, in\n%s", want, &out)
	}
}

func TestRevisionsArePrinted(t *testing.T) {
	older := sample(t, "old.txt", replace("# begun ", "# revision abc1234\n# begun "))
	newer := sample(t, "new.txt", replace("# begun ", "# revision def5678-dirty\n# begun "))
	for name, c := range map[string]struct{ env, want []string }{
		"two": {[]string{"OLD", older, "NEW", newer},
			[]string{"old.txt, revision abc1234\n", "new.txt, revision def5678-dirty\n"}},
		"one": {[]string{"LABEL", older, "BY", "exec"}, []string{"old.txt, revision abc1234\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			if err := run(&out, golden.Getenv(c.env...)); err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in\n%s", want, &out)
				}
			}
		})
	}
}

// Older snapshots have hold-% for lockheld-%.
func TestAFormerUnitNameIsComparedWithThePresentOne(t *testing.T) {
	older := sample(t, "old.txt", replace(" lockerr-%", " hold-%"))
	newer := sample(t, "new.txt", replace(" lockerr-%", " lockheld-%"))
	if err := run(io.Discard, golden.Getenv("OLD", older, "NEW", newer)); err != nil {
		t.Fatal(err)
	}
	if text := stored(t, newer, "vs-old.txt"); strings.Contains(text, " hold-%") ||
		!regexp.MustCompile(`lockheld-% *│ *lockheld-%`).MatchString(text) {
		t.Errorf("no columns of lockheld-%% side by side:\n%s", text)
	}
}
