package command

import (
	"errors"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
)

// checkCommand checks what stands behind "make" on a command line. Make passes it like this.
func checkCommand(words ...string) error {
	var goals, names, pairs []string
	for _, word := range words {
		if name, value, ok := strings.Cut(word, "="); ok {
			names = append(names, name)
			pairs = append(pairs, name, value)
		} else {
			goals = append(goals, word)
		}
	}
	pairs = append(pairs, GoalsVariable, strings.Join(goals, " "),
		GivenVariable, strings.Join(names, " "))
	target := Help
	for _, t := range Targets {
		if len(goals) > 0 && t.Name == goals[0] {
			target = t
		}
	}
	return target.Check(golden.Getenv(pairs...))
}

func TestCheckAccepts(t *testing.T) {
	for _, command := range []string{
		"", "help", "bench", "bench LABEL=x AXES=writers=2", "quick WRITERS=3",
		"bench compare LABEL=x BY=busy", "compare OLD=a NEW=b GATE=5",
		"bench CGO_ENABLED=1 GOFLAGS=-v CC=clang SHELL=sh TMPDIR=/x V=1 MAKEFLAGS=k build=/x",
		"test CC=clang GOGC=off",
	} {
		t.Run(command, func(t *testing.T) {
			if err := checkCommand(strings.Fields(command)...); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCheckRejects(t *testing.T) {
	for _, c := range []struct{ name, command, want string }{
		{"letters that changed places", "bench LABLE=x",
			"unknown variable LABLE; did you mean LABEL=x?"},
		{"a wrong letter", "bench AXIS=writers=12",
			"unknown variable AXIS; did you mean AXES=writers=12?"},
		{"small letters", "bench axes=writers=12",
			"unknown variable axes; did you mean AXES=writers=12?"},
		{"an axis left behind by AXES without quotes", "bench AXES=exec=process writers=2",
			"unknown variable writers; did you mean AXES='exec=process writers=2'?"},
		{"axes left behind by AXES without quotes", "limit AXES=exec=process busy=5s journal=wal",
			"unknown variable busy; did you mean AXES='exec=process journal=wal busy=5s'?"},
		{"an axis in capital letters", "bench PAYLOAD=100",
			"unknown variable PAYLOAD; did you mean AXES='payload=100'?"},
		{"an axis that is a variable of another target", "bench WRITERS=12",
			"unknown variable WRITERS; did you mean AXES='writers=12', or make quick WRITERS=12?"},
		{"an axis that is a variable here", "quick writers=12",
			"unknown variable writers; did you mean WRITERS=12?"},
		{"the axis that is searched", "limit WRITERS=12",
			"unknown variable WRITERS; did you mean MAX=12?"},
		{"the rate that is searched", "limit OVER=rate RATE=500",
			"unknown variable RATE; did you mean MAX=500?"},
		{"an axis of a search for a rate", "limit OVER=rate WRITERS=12",
			"unknown variable WRITERS; did you mean AXES='writers=12', or make quick WRITERS=12?"},
		{"a rate in a search for writers", "limit rate=500",
			"unknown variable rate; did you mean OVER=rate?"},
		{"a variable of another target", "bench GATE=5", "GATE is a variable of make compare; " +
			"make bench takes BENCH, AXES, COUNT, LABEL, DIR, ROUND"},
		{"a variable of another target that is near to one", "bench ROUNDS=3",
			"ROUNDS is a variable of make limit; make bench takes"},
		{"a variable of many other targets", "compare COUNT=3",
			"COUNT is a variable of other targets; make compare takes LABEL, BY"},
		{"a driver, whose writers are not killed", "faults DRIVER=python",
			"DRIVER is a variable of other targets; make faults takes AXES, KILLS"},
		{"a variable of no target", "bench KIND=x",
			"unknown variable KIND; make bench takes BENCH, AXES, COUNT, LABEL, DIR, ROUND"},
		{"a variable of none of two targets", "plot timeline GATE=5",
			"GATE is a variable of make compare; make plot timeline takes"},
		{"a variable for a target without any", "test LABEL=x",
			"LABEL is a variable of other targets; make test takes none"},
		{"a variable without a target", "WRITERS=12",
			"unknown variable WRITERS; did you mean make quick WRITERS=12?"},
		{"a misspelt variable without a target", "LABLE=x",
			"unknown variable LABLE; did you mean LABEL=x?"},
		{"a value that needs quotes", "bench LABLE=$x", "did you mean LABEL='$x'?"},
		{"a label without LABEL", "compare mine",
			`"mine" is not a target; did you mean make compare LABEL=mine?`},
		{"a variable and its value as two words", "quick TXN upgrade",
			`"TXN" is not a target; did you mean make quick TXN=upgrade?`},
		{"a variable without a value", "quick txn", "did you mean make quick TXN=...?"},
		{"a misspelt target", "bnech", `"bnech" is not a target; did you mean make bench?`},
		{"a longer word", "benchmark", `"benchmark" is not a target; did you mean make bench?`},
		{"a word that is no target", "results",
			`"results" is not a target; there are quick, bench, compare`},
		{"a word that is no target and a bad variable", "compare mine LABLE=x",
			`"mine" is not a target`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := checkCommand(strings.Fields(c.command)...)
			if err == nil || !strings.Contains(err.Error(), c.want) ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v, want %s", err, c.want)
			}
		})
	}
}

// Without this, DIR=$DATA of a shell without DATA measures the disk of the repository.
func TestAnEmptyDirIsRejected(t *testing.T) {
	for _, c := range []struct {
		name   string
		target Target
		dir    string
		isSet  bool
		reject bool
	}{
		{"not set", Bench, "", false, false},
		{"set", Bench, "/disk", true, false},
		{"set and empty", Bench, "", true, true},
		{"set and empty, for a target without DIR", Compare, "", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.target.checkDir(func(string) (string, bool) { return c.dir, c.isSet })
			if (err != nil) != c.reject {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// A script that make did not start has no list of variables.
func TestCheckWithoutMake(t *testing.T) {
	if err := Bench.Check(golden.Getenv("LABLE", "x")); err != nil {
		t.Error(err)
	}
}

func TestALongErrorIsBrokenBetweenWordsOnATerminal(t *testing.T) {
	for _, c := range []struct {
		name, text string
		columns    int
		want       string
	}{
		{"short", "bad value", 20, "bench: bad value"},
		{"long", "bad value of an axis", 16, "bench: bad value\n  of an axis"},
		{"not on a terminal", "bad value of an axis", 0, "bench: bad value of an axis"},
		{"several lines", "failed:\n    x.go:1: a\nand more words than fit", 16,
			"bench: failed:\n    x.go:1: a\nand more words\n  than fit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := errorText("bench", errors.New(c.text), c.columns)
			if got != c.want {
				t.Errorf("is %q, want %q", got, c.want)
			}
		})
	}
}

func TestArguments(t *testing.T) {
	for _, c := range []struct {
		args string
		help bool
		want string // of the error; empty if there is none
	}{
		{"", false, ""},
		{"-h", true, ""},
		{"-help", true, ""},
		{"--help", true, ""},
		{"LABEL=x --help", true, ""},
		{"mine", false, `unexpected argument "mine"; `},
		{"LABEL=x", false, "settings are variables, and -h lists them: make compare LABEL=mine"},
		{"-help=1", false, `"-help=1"`},
	} {
		t.Run(c.args, func(t *testing.T) {
			help, err := Compare.ReadArguments(strings.Fields(c.args))
			if help != c.help || (err == nil) != (c.want == "") {
				t.Fatalf("help %v, error %v", help, err)
			}
			if err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %s", err, c.want)
			}
		})
	}
}
