package docs

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench"
	"busybench/bench/metrics"
	"busybench/bench/pattern"
	"busybench/bench/scenario"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/golden"
)

// programs are what commands in the documents call.
var programs = []string{
	"git", "go", "make", "jq", "tee", "busybench", filepath.Join("scripts", "spawn", "spawn.sh"),
}

// calls returns the calls of programs that a command line makes, each the name of the program and
// its arguments. The shell itself takes the line apart: it runs it with programs that only record
// their arguments.
func calls(t *testing.T, line string) (all [][]string) {
	t.Helper()
	dir, records := t.TempDir(), t.TempDir()
	const script = "#!/bin/sh\nprintf '%s\\n' \"${0##*/}\" \"$@\" >\"$RECORDS/$$\"\n"
	for _, name := range programs {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	shell := exec.Command("sh", "-c", "cd() { :; }\n"+line)
	shell.Dir = dir
	shell.Env = []string{"PATH=" + dir, "RECORDS=" + records}
	if out, err := shell.CombinedOutput(); err != nil {
		t.Fatalf("the shell: %v\n%s", err, out)
	}
	files, err := os.ReadDir(records)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(records, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"))
	}
	return all
}

// check reports what is wrong with a call: a target, setting, axis, benchmark, flag or file that
// does not exist.
func check(call []string) error {
	switch program, args := call[0], call[1:]; {
	case program == "make":
		return checkMake(args)
	case program == "busybench":
		return checkTest(args, "test.", []string{"bench"})
	case program == "go" && len(args) > 0 && args[0] == "test":
		return checkTest(args[1:], "", nil)
	}
	return nil
}

// checkMake checks targets and settings as a script does that make calls.
func checkMake(args []string) error {
	var goals, names, pairs []string
	for _, arg := range args {
		name, value, isSetting := strings.Cut(arg, "=")
		if !isSetting {
			goals = append(goals, arg)
			continue
		}
		names, pairs = append(names, name), append(pairs, name, value)
		if err := checkSetting(name, value); err != nil {
			return fmt.Errorf("%s: %w", arg, err)
		}
	}
	return command.Help.Check(golden.Getenv(append(pairs,
		command.GoalsVariable, strings.Join(goals, " "),
		command.GivenVariable, strings.Join(names, " "))...))
}

// checkSetting checks the value of a setting whose values are names.
func checkSetting(name, value string) (err error) {
	switch name {
	case "AXES":
		_, err = scenario.Parse(value)
	case "BENCH":
		err = checkPattern(value, []string{"bench"})
	case "BY":
		for _, word := range strings.Fields(value) {
			axis, _, hasValues := strings.Cut(word, "=")
			if hasValues {
				_, err = scenario.Parse(word)
			} else if !scenario.IsAxis(axis) {
				err = fmt.Errorf("there is no axis %q", axis)
			}
		}
	case "DRIVER":
		driver, _, _ := strings.Cut(value, "=")
		err = scenario.CheckDriver(driver)
	case "UNITS":
		for _, word := range strings.FieldsFunc(value, func(r rune) bool {
			return r == ',' || r == ' '
		}) {
			isName := func(u metrics.Unit) bool { return u.Name == word }
			if word != "all" && !slices.ContainsFunc(metrics.Units, isName) {
				err = fmt.Errorf("there is no unit %q", word)
			}
		}
	default:
		if axis := strings.ToLower(name); scenario.IsAxis(axis) {
			_, err = scenario.Parse(axis + "=" + value)
		}
	}
	return err
}

// checkTest checks the arguments of a test binary, whose own flags begin with prefix. Packages are
// the directories of its sources if the arguments do not name them.
func checkTest(args []string, prefix string, packages []string) error {
	for _, arg := range args {
		if strings.HasPrefix(arg, "./") {
			packages = append(packages, arg)
		}
	}
	flags := testFlags(prefix, packages)
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return err
		}
		if args = flags.Args(); len(args) > 0 {
			dir := filepath.Join(root, strings.TrimSuffix(args[0], "..."))
			if _, err := os.Stat(dir); err != nil {
				return err
			}
			args = args[1:]
		}
	}
	if text := flags.Lookup(prefix + "bench").Value.String(); text != "" {
		return checkPattern(text, packages)
	}
	return nil
}

// testFlags returns the flags of a test binary, or of go test if there is no prefix.
func testFlags(prefix string, packages []string) *flag.FlagSet {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	bench.RegisterFlags(flags)
	flag.VisitAll(func(f *flag.Flag) {
		if name, ok := strings.CutPrefix(f.Name, "test."); ok {
			flags.Var(&anyValue{isBool: isBool(f)}, prefix+name, "")
		}
	})
	if prefix == "" { // flags of the go command
		flags.Var(&anyValue{isBool: true}, "c", "")
		flags.Var(&anyValue{isBool: true}, "race", "")
		flags.Var(&anyValue{}, "o", "")
	}
	for _, name := range flagsOf(packages) {
		if flags.Lookup(name) == nil {
			flags.Var(&anyValue{}, name, "")
		}
	}
	return flags
}

// anyValue is the value of a flag that may have any.
type anyValue struct {
	text   string
	isBool bool
}

func (v *anyValue) String() string        { return v.text }
func (v *anyValue) Set(text string) error { v.text = text; return nil }
func (v *anyValue) IsBoolFlag() bool      { return v.isBool }

func isBool(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

var (
	benchmark = regexp.MustCompile(`func (Benchmark\w+)\(`)
	ownFlag   = regexp.MustCompile(`flag\.\w+\("(\w+)"`)
)

// flagsOf returns the flags that the tests in these directories define.
func flagsOf(packages []string) []string { return inTests(packages, ownFlag) }

// inTests returns what the group of a regular expression matches in the tests of these directories.
func inTests(packages []string, expression *regexp.Regexp) (found []string) {
	for _, dir := range packages {
		files, _ := filepath.Glob(filepath.Join(root, dir, "*_test.go"))
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			for _, match := range expression.FindAllStringSubmatch(string(text), -1) {
				found = append(found, match[1])
			}
		}
	}
	return found
}

// checkPattern reports whether a pattern as for go test -bench matches no benchmark. In a snapshot
// their names have no prefix, which a pattern may rely on.
func checkPattern(text string, packages []string) error {
	p, err := pattern.Parse(text)
	if err != nil {
		return err
	}
	for _, name := range inTests(packages, benchmark) {
		if p.MatchesSome(strings.TrimPrefix(name, "Benchmark")) {
			return nil
		}
	}
	return fmt.Errorf("no benchmark matches %q", text)
}

func TestCalls(t *testing.T) {
	const line = `git clone x && cd x; CGO_ENABLED=0 go test -axes 'a=1 b=2' # a comment`
	got := calls(t, line)
	slices.SortFunc(got, slices.Compare)
	want := [][]string{{"git", "clone", "x"}, {"go", "test", "-axes", "a=1 b=2"}}
	slices.SortFunc(want, slices.Compare)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls of %s (-want +got):\n%s", line, diff)
	}
}

func TestCheckFindsWhatDoesNotExist(t *testing.T) {
	for name, line := range map[string]string{
		"a target":                "make benchmark",
		"a setting":               "make bench LABLE=x",
		"a setting of another":    "make compare COUNT=3",
		"an axis":                 "make bench AXES='writter=3'",
		"a value":                 "make bench AXES='journal=rollback'",
		"a setting's value":       "make quick TXN=begin",
		"a benchmark":             "make bench BENCH=Bursts",
		"an axis to compare by":   "make compare BY=journals",
		"a unit":                  "make compare UNITS=p98-ns",
		"a flag":                  "go test -bench Burst ./bench -axis x=1",
		"a flag of the binary":    "./busybench -bench Burst",
		"a benchmark of go test":  "go test -bench Sync ./bench",
		"a package":               "go test ./bench/sqlite",
		"axes of the test binary": "./busybench -test.bench Burst -axes writers=0",
	} {
		t.Run(name, func(t *testing.T) {
			for _, call := range calls(t, line) {
				if err := check(call); err == nil {
					t.Errorf("%s is accepted", line)
				}
			}
		})
	}
}
