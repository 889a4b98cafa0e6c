package docs

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// workflow is what the tests need of a GitHub workflow.
type workflow struct {
	On   map[string]any
	Jobs map[string]struct {
		If    string
		Steps []step
	}
}

// step is a step of a job: a call of an action, or commands.
type step struct {
	Name, Uses, Run, Shell string
	With                   map[string]any
}

// readWorkflow returns the workflow of the reference.
func readWorkflow(t *testing.T) (w workflow) {
	t.Helper()
	_, rest, ok := strings.Cut(read(t, reference), "\n```yaml\n")
	text, _, closed := strings.Cut(rest, "\n```\n")
	if !ok || !closed {
		t.Fatalf("%s has no block of YAML", reference)
	}
	if err := yaml.Unmarshal([]byte(text), &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// expression matches what GitHub replaces.
var expression = regexp.MustCompile(`\$\{\{.*?\}\}`)

// findCalls returns the calls that the commands of a job make.
func findCalls(t *testing.T, steps []step) (all [][]string) {
	t.Helper()
	for _, s := range steps {
		if s.Run == "" {
			continue
		}
		run := expression.ReplaceAllString(s.Run, "x")
		all = append(all, calls(t, "RUNNER_TEMP=/tmp GITHUB_STEP_SUMMARY=/dev/null\n"+run)...)
	}
	return all
}

func TestTheWorkflowCallsOnlyWhatExists(t *testing.T) {
	w := readWorkflow(t)
	for _, name := range []string{"main", "change"} {
		t.Run(name, func(t *testing.T) {
			made := 0
			for _, call := range findCalls(t, w.Jobs[name].Steps) {
				if err := check(call); err != nil {
					t.Errorf("%q: %v", call, err)
				}
				if call[0] == "make" {
					made++
				}
			}
			if made < 3 {
				t.Errorf("%d calls of make", made)
			}
		})
	}
}

// has reports whether a call has all of some arguments.
func has(calls [][]string, args ...string) bool {
	return slices.ContainsFunc(calls, func(call []string) bool {
		return !slices.ContainsFunc(args, func(arg string) bool {
			return !slices.ContainsFunc(call, func(word string) bool {
				return strings.HasPrefix(word, arg)
			})
		})
	})
}

func TestTheWorkflowMeasuresMainAndGatesAPullRequest(t *testing.T) {
	w := readWorkflow(t)
	for event, job := range map[string]string{"push": "main", "pull_request": "change"} {
		if _, ok := w.On[event]; !ok {
			t.Errorf("it does not run on %s", event)
		}
		if want := "github.event_name == '" + event + "'"; w.Jobs[job].If != want {
			t.Errorf("the job %s runs if %s, want %s", job, w.Jobs[job].If, want)
		}
	}
	main, change := findCalls(t, w.Jobs["main"].Steps), findCalls(t, w.Jobs["change"].Steps)
	for _, c := range []struct {
		name  string
		calls [][]string
		args  []string
	}{
		{"main measures", main, []string{"make", "bench", "LABEL=main"}},
		{"main exports", main, []string{"make", "export", "LABEL=main", "FORMAT=json"}},
		{"main reports", main, []string{"make", "report", "LABEL=main"}},
		{"a change is measured in turns", change,
			[]string{"make", "bench", "LABEL=change", "AB=/tmp/old /tmp/new"}},
		{"a change is gated", change,
			[]string{"make", "compare", "OLD=change-old", "NEW=change-new", "GATE="}},
		{"a change is reported", change, []string{"make", "report", "LABEL=change-new"}},
	} {
		if !has(c.calls, c.args...) {
			t.Errorf("%s: no call %q in %q", c.name, c.args, c.calls)
		}
	}
}

// makeInAPipe matches a call of make whose output goes to another program.
var makeInAPipe = regexp.MustCompile(`(?m)^make [^\n]*\|`)

// A pipe hides the status of make, unless the shell has pipefail, as GitHub's "bash" does.
func TestNoPipeHidesTheStatusOfMake(t *testing.T) {
	for name, job := range readWorkflow(t).Jobs {
		for _, s := range job.Steps {
			if makeInAPipe.MatchString(s.Run) && s.Shell != "bash" {
				t.Errorf("step %s of %s has a pipe, and its shell is %q", s.Name, name, s.Shell)
			}
		}
	}
}

// Each figure goes to the chart in whose direction it is better.
func TestTheWorkflowSortsFiguresByTheirDirection(t *testing.T) {
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("needs jq:", err)
	}
	if testing.Short() {
		t.Skip("builds make export")
	}
	w := readWorkflow(t)
	files := map[string]string{} // by tool
	for _, s := range w.Jobs["main"].Steps {
		if tool, ok := s.With["tool"].(string); ok {
			files[tool], _ = s.With["output-file-path"].(string)
		}
	}
	dir := copyProject(t)
	for _, s := range w.Jobs["main"].Steps {
		if !strings.Contains(s.Run, "make export") {
			continue
		}
		shell := exec.Command("sh", "-e", "-c", strings.ReplaceAll(s.Run, "LABEL=main",
			"LABEL=fairness"))
		shell.Dir, shell.Env = dir, environment()
		if out, err := shell.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	for tool, want := range map[string]string{
		"customBiggerIsBetter": "inserts/s", "customSmallerIsBetter": "p99-ns",
	} {
		var figures []struct {
			Name, Unit string
			Value      *float64
		}
		text, err := os.ReadFile(filepath.Join(dir, files[tool]))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &figures); err != nil || len(figures) == 0 {
			t.Fatalf("%s: %v in %s", tool, err, text)
		}
		for _, f := range figures {
			if f.Unit != want || f.Name == "" || f.Value == nil {
				t.Errorf("%s gets %+v", tool, f)
			}
		}
	}
}
