package runner

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"busybench/scripts/internal/snapshot"
)

// Settings says what to run and names the snapshot.
type Settings struct {
	bench, axes, dir, round string
	count                   int
	label, path             string // of the snapshot
	command                 string // that makes this snapshot again
	config                  Config
	options                 []string // settings of the script's own, as flags for the benchmarks
	seed                    uint64   // of the first run
}

// Config holds a script's defaults, and the settings and flags of its own.
type Config struct {
	Command string // that calls the script, such as "make bench"
	Bench   string // a regular expression of benchmarks
	Axes    string
	Count   int
	Label   string
	Round   string // length of a sustained round; empty means 1s
	// Seeded is true if the script takes SEED, the seed of the first run (default 1). Each further
	// run has the next one.
	Seeded bool
	// Flags returns flags that the benchmarks always get, nil if there are none. The files that
	// they write belong in the scratch directory.
	Flags func(scratch string) []string
	// Options are further settings of the environment.
	Options []Option

	build buildFunc // nil for the benchmarks of this project; tests have others
}

// Option is a setting of the environment that goes to the benchmarks as a flag.
type Option struct {
	Name, Flag string
	// Check is nil if the benchmarks check the flag, with a one-line error.
	Check func(value string) error
}

func (c Config) builder() buildFunc {
	if c.build != nil {
		return c.build
	}
	return build
}

// maxCommand limits the length of all settings: they go into the first line of the snapshot, which
// must not be longer than the longest line that can be read.
const maxCommand = 16 << 10

// Read reads the settings BENCH, AXES, COUNT, LABEL, DIR, ROUND and the script's own from the
// environment. An empty value means the default.
func (c Config) Read(getenv func(string) string) (s Settings, err error) {
	names := []string{"BENCH", "AXES", "COUNT", "LABEL", "DIR", "ROUND"}
	if c.Seeded {
		names = append(names, "SEED")
	}
	for _, o := range c.Options {
		names = append(names, o.Name)
	}
	s = Settings{config: c, command: c.Command}
	for _, name := range names {
		value := getenv(name)
		if value == "" {
			continue
		}
		s.command += fmt.Sprintf(" %s='%s'", name, strings.ReplaceAll(value, "'", `'\''`))
		if len(s.command) > maxCommand {
			return s, fmt.Errorf("%s is too long: all settings together have at most %d bytes",
				name, maxCommand)
		}
		if strings.ContainsFunc(value, unicode.IsControl) {
			return s, fmt.Errorf("bad %s %q; give one line without control characters", name, value)
		}
	}
	get := func(name, fallback string) string { return cmp.Or(getenv(name), fallback) }
	s.bench, s.axes = get("BENCH", c.Bench), get("AXES", c.Axes)
	s.dir, s.round = get("DIR", "."), get("ROUND", cmp.Or(c.Round, "1s"))
	s.label = get("LABEL", c.Label)
	if s.path, err = snapshot.Path(s.label); err != nil {
		return s, fmt.Errorf("LABEL: %w", err)
	}
	s.count, err = strconv.Atoi(get("COUNT", strconv.Itoa(c.Count)))
	if err != nil || s.count < 1 {
		return s, fmt.Errorf("bad COUNT %q; give a whole number of runs, 1 or more",
			getenv("COUNT"))
	}
	if c.Seeded {
		if s.seed, err = strconv.ParseUint(get("SEED", "1"), 10, 32); err != nil {
			return s, fmt.Errorf("bad SEED %q; give a whole number from 0 to 4294967295",
				getenv("SEED"))
		}
	}
	for _, o := range c.Options {
		value := getenv(o.Name)
		if value == "" {
			continue
		}
		if o.Check != nil {
			if err := o.Check(value); err != nil {
				return s, fmt.Errorf("%s: %w", o.Name, err)
			}
		}
		s.options = append(s.options, o.Flag+"="+value)
	}
	return s, nil
}
