package runner

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/golden"
)

func testConfig() Config {
	target := command.Bench
	target.Settings = append(slices.Clone(target.Settings),
		command.Setting{Name: "MAX"}, command.Setting{Name: "TIME"})
	return Config{
		Target: target,
		Flags:  func(scratch string) []string { return []string{"-profile=" + scratch} },
		Options: []Option{{Name: "MAX", Flag: "-limit.max"},
			{Name: "TIME", Flag: "-x", Check: func(string) error { return errors.New("never") }}},
	}
}

func TestSettingsWithoutAnEnvironmentAreTheDefaults(t *testing.T) {
	s, err := testConfig().Read(golden.Getenv())
	if err != nil || s.bench != "." || s.path != "results/latest.txt" ||
		s.command != "make bench" {
		t.Errorf("defaults are %+v, %v", s, err)
	}
}

func TestTheCommandRepeatsTheSettings(t *testing.T) {
	getenv := golden.Getenv("BENCH", "a 'x'", "COUNT", "3", "LABEL", "mine")
	s, err := testConfig().Read(getenv)
	want := `make bench BENCH='a '\''x'\''' COUNT='3' LABEL='mine'`
	if err != nil || s.command != want {
		t.Errorf("command is %s, %v, want %s", s.command, err, want)
	}
}

func TestOptionsBecomeFlags(t *testing.T) {
	s, err := testConfig().Read(golden.Getenv("MAX", "8"))
	args := s.args("here", 1)
	if err != nil || !slices.Contains(args, "-profile=here") ||
		args[len(args)-1] != "-limit.max=8" || s.command != "make bench MAX='8'" {
		t.Errorf("arguments are %q, command %s, %v", args, s.command, err)
	}
}

func TestTheBenchmarksGetTheDriverUnlessItIsTheScriptsOwn(t *testing.T) {
	for _, own := range []bool{false, true} {
		config := testConfig()
		config.OwnDriver = own
		s, err := config.Read(golden.Getenv("DRIVER", "mine=python3 writer.py"))
		args := s.args("here", 1)
		if err != nil || slices.Contains(args, "mine=python3 writer.py") == own ||
			slices.Contains(args, "-driver") == own {
			t.Errorf("own is %v: arguments are %q, %v", own, args, err)
		}
	}
}

func TestAnSQLFileBecomesAFlag(t *testing.T) {
	for _, target := range []command.Target{
		command.Bench, command.Limit, command.Timeline, command.Profile, command.Faults,
	} {
		t.Run(target.Name, func(t *testing.T) {
			s, err := Config{Target: target}.Read(golden.Getenv("SQL", "a b.sql"))
			args := s.args("here", 1)
			if i := slices.Index(args, "-sql"); err != nil || i < 0 || args[i+1] != "a b.sql" ||
				s.command != "make "+target.Name+" SQL='a b.sql'" {
				t.Errorf("arguments are %q, command %s, %v", args, s.command, err)
			}
			if name := s.variable("sql"); name != "SQL" || !target.Has(name) {
				t.Errorf("the variable is %q, and one of the target: %v", name, target.Has(name))
			}
		})
	}
}

func TestEachRunHasTheNextSeed(t *testing.T) {
	config := testConfig()
	s, err := config.Read(golden.Getenv("SEED", "7"))
	args := s.args("here", 3)
	if err != nil || !slices.Contains(args, "-seed=9") || s.command != "make bench SEED='7'" {
		t.Errorf("arguments of the third run are %q, command %s, %v", args, s.command, err)
	}
}

func TestBadSettingsAreNamed(t *testing.T) {
	config := testConfig()
	for _, bad := range [][]string{
		{"SEED", "-1"}, {"COUNT", "0"}, {"COUNT", "many"}, {"COUNT", "-1"}, {"LABEL", "a b"},
		{"TIME", "never"}, {"BUDGET", "-1m"}, {"BUDGET", "10"},
		{"AB", "/nonesuch/x /nonesuch/y"}, {"AB", "one"},
		{"AXES", "speed"},
		{"AB", "/ /"}, {"AB", "settings.go settings.go"},
	} {
		t.Run(strings.Join(bad, "="), func(t *testing.T) {
			_, err := config.Read(golden.Getenv(bad...))
			requireError(t, err, bad[0])
			requireError(t, err, strings.Fields(bad[1])[0])
		})
	}
}

// The build takes half a minute. The binaries of AB are there, and may know other axes.
func TestAxesAreCheckedBeforeTheBuildExceptForAB(t *testing.T) {
	_, err := testConfig().Read(golden.Getenv("AXES", "speed=9"))
	requireError(t, err, `AXES: unknown axis "speed"`)
	executable := os.Args[0]
	getenv := golden.Getenv("AXES", "speed=9", "AB", executable+" "+executable)
	if _, err := testConfig().Read(getenv); err != nil {
		t.Error(err)
	}
}

func TestBudgetExcludesCountAndAB(t *testing.T) {
	for _, other := range []string{"COUNT", "AB"} {
		t.Run(other, func(t *testing.T) {
			_, err := testConfig().Read(golden.Getenv("BUDGET", "1m", other, "10"))
			requireError(t, err, "give either BUDGET or "+other)
		})
	}
}

// A newline would let a setting write lines of its own into the snapshot.
func TestControlCharactersAreRejected(t *testing.T) {
	config := testConfig()
	for _, name := range []string{
		"BENCH", "AXES", "COUNT", "LABEL", "DIR", "ROUND", "SEED", "MAX", "TIME",
		"BUDGET", "AB",
	} {
		for _, char := range []string{"\n", "\r", "\t", "\x00", "\x1b", "\u0085"} {
			t.Run(name, func(t *testing.T) {
				_, err := config.Read(golden.Getenv(name, "x"+char+"BenchmarkForged 1 1 ns/op"))
				requireError(t, err, "bad "+name)
			})
		}
	}
}

func TestLongSettingsAreRejected(t *testing.T) {
	_, err := testConfig().Read(golden.Getenv("AXES", strings.Repeat("x", maxCommand)))
	requireError(t, err, "AXES is too long")
}
