package runner

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"busybench/scripts/internal/snapshot"
)

// Settings say what to run and where the snapshot goes.
type Settings struct {
	bench, axes, dir, round string
	count                   int
	path                    string // of the snapshot
	command                 string // that makes this snapshot again
	script                  Config
	options                 []string // that were given, as flags for the benchmarks
	seed                    uint64   // of the first pass
}

// Script is what a script asks for where its user does not.
type Config struct {
	Command string // by which users call it, such as "make bench"
	Bench   string // which benchmarks, a regular expression
	Axes    string
	Count   int
	Label   string
	Round   string // length of a sustained round, 1s where it is empty
	Seeded  bool   // takes SEED, the seed of the first pass (1); each pass that follows has the next
	// Flags are those that the benchmarks always get. Files that they are to write go into the scratch
	// directory. It may be nil.
	Flags func(scratch string) []string
	// Options are further settings of the environment, by name, and the benchmarks' flags that they set.
	Options []Option
}

// Option is a setting of the environment that goes to the benchmarks as a flag.
type Option struct {
	Name, Flag string
	Check      func(value string) error // nil where the benchmarks check the flag themselves, and say what is wrong in a line
}

// Read reads the settings BENCH, AXES, COUNT, LABEL, DIR, ROUND and a script's own from the environment.
func (script Config) Read(getenv func(string) string) (s Settings, err error) {
	or := func(name, otherwise string) string {
		if value := getenv(name); value != "" {
			return value
		}
		return otherwise
	}
	s = Settings{bench: or("BENCH", script.Bench), axes: or("AXES", script.Axes), dir: or("DIR", "."), round: or("ROUND", cmp.Or(script.Round, "1s")), script: script}
	if s.count, err = strconv.Atoi(or("COUNT", strconv.Itoa(script.Count))); err != nil || s.count < 1 {
		return s, fmt.Errorf("bad COUNT %q; give a whole number of passes, 1 or more", getenv("COUNT"))
	}
	if s.path, err = snapshot.Path(or("LABEL", script.Label)); err != nil {
		return s, fmt.Errorf("LABEL: %w", err)
	}
	s.command = script.Command
	names := []string{"BENCH", "AXES", "COUNT", "LABEL", "DIR", "ROUND"}
	if script.Seeded {
		names = append(names, "SEED")
		if s.seed, err = strconv.ParseUint(or("SEED", "1"), 10, 32); err != nil {
			return s, fmt.Errorf("bad SEED %q; give a whole number from 0 to 4294967295", getenv("SEED"))
		}
	}
	for _, o := range script.Options {
		names = append(names, o.Name)
		if value := getenv(o.Name); value != "" {
			if o.Check != nil {
				if err := o.Check(value); err != nil {
					return s, fmt.Errorf("%s: %w", o.Name, err)
				}
			}
			s.options = append(s.options, o.Flag+"="+value)
		}
	}
	for _, name := range names {
		if value := getenv(name); value != "" {
			s.command += fmt.Sprintf(" %s='%s'", name, strings.ReplaceAll(value, "'", `'\''`))
		}
	}
	return s, nil
}
