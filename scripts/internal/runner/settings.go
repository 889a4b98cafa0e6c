package runner

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"busybench/bench/format"
	"busybench/bench/scenario"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

// Settings says what to run and names the snapshot.
type Settings struct {
	bench, axes, dir, round string
	driver                  string // a command, or empty
	sql                     string // path of an SQL file, or empty
	schedule                Schedule
	label, path             string // of the snapshot
	command                 string // that makes this snapshot again
	config                  Config
	options                 []string      // the script's own settings, as flags
	seed                    uint64        // of the first run
	binaries                []string      // of AB; empty if the binary is to be built
	budget                  time.Duration // of all runs, see refining; 0 if there is none
}

// Config holds a script's settings, and flags of its own.
type Config struct {
	// Target has the settings with their defaults. A script without BENCH, AXES, COUNT or ROUND
	// sets the flags for them itself. A script with SEED, the seed of the first run, uses the next
	// seed in each further run.
	Target command.Target
	// Prepare, unless it is nil, reads the script's own settings and returns flags for them.
	Prepare func(getenv func(string) string) (flags []string, err error)
	// CheckAxes, unless it is nil, rejects values of AXES that the script cannot use.
	CheckAxes func(scenario.Axes) error
	// Schedule is nil if there are COUNT runs, or as many as fit into BUDGET.
	Schedule Schedule
	// Budget, unless it is 0, is how long all runs may take together, after the build.
	Budget time.Duration
	// Flags returns flags that the benchmarks always get, nil if there are none. The files that
	// they write belong in the scratch directory.
	Flags func(scratch string) []string
	// OwnDriver is true if the script reads DRIVER for itself, and the benchmarks do not get it.
	OwnDriver bool
	// Options are further settings of the environment.
	Options []Option
	// Files are the ends of the names of files that the report stores beside the snapshot, such as
	// [ReportFile]. Before the build it is checked that they can be stored.
	Files []string

	build buildFunc // nil for the benchmarks of this project; tests have others
}

// Option is a setting of the environment that goes to the benchmarks as a flag.
type Option struct {
	Name, Flag string
	// Check is nil if the benchmarks check the flag, with a one-line error.
	Check func(value string) error
}

// command returns the command that calls the script, such as "make bench".
func (c Config) command() string { return "make " + c.Target.Name }

func (c Config) builder() buildFunc {
	if c.build != nil {
		return c.build
	}
	return build
}

// maxCommand limits the length of all settings: they go into the first line of the snapshot, which
// must not be longer than the longest line that can be read.
const maxCommand = 16 << 10

// Read reads the target's settings from the environment. An empty value means the default.
func (c Config) Read(getenv func(string) string) (s Settings, err error) {
	s = Settings{config: c}
	if s.command, err = c.CommandLine(getenv); err != nil {
		return s, err
	}
	get := func(name string) string { return cmp.Or(getenv(name), c.Target.Default(name)) }
	s.bench, s.axes, s.dir, s.round = get("BENCH"), get("AXES"), get("DIR"), get("ROUND")
	s.label, s.driver, s.sql = get("LABEL"), get("DRIVER"), get("SQL")
	if s.path, err = snapshot.Path(s.label); err != nil {
		return s, fmt.Errorf("LABEL: %w", err)
	}
	if err := s.chooseSchedule(getenv); err != nil {
		return s, err
	}
	if text := get("AB"); text != "" {
		if s.binaries, err = parseBinaries(text); err != nil {
			return s, err
		}
	}
	if c.Target.Has("SEED") {
		if s.seed, err = strconv.ParseUint(get("SEED"), 10, 32); err != nil {
			return s, fmt.Errorf("bad SEED %q; give a whole number from 0 to 4294967295",
				getenv("SEED"))
		}
	}
	if err := s.checkAxes(); err != nil {
		return s, err
	}
	if s.options, err = c.readOptions(getenv); err != nil || c.Prepare == nil {
		return s, err
	}
	flags, err := c.Prepare(getenv)
	s.options = append(s.options, flags...)
	return s, err
}

// checkAxes checks AXES before the build. The binaries of AB, which need none, may have other axes.
func (s *Settings) checkAxes() error {
	if len(s.binaries) > 0 {
		return nil
	}
	axes, err := scenario.Parse(s.axes)
	if err == nil {
		err = axes.Check()
	}
	if err == nil && s.config.CheckAxes != nil {
		err = s.config.CheckAxes(axes)
	}
	if err != nil {
		return fmt.Errorf("AXES: %w", err)
	}
	return nil
}

// chooseSchedule reads COUNT or BUDGET, unless the script has a schedule of its own.
func (s *Settings) chooseSchedule(getenv func(string) string) error {
	if s.config.Schedule != nil {
		s.schedule = s.config.Schedule
		return nil
	}
	if text := getenv("BUDGET"); text != "" && s.config.Target.Has("BUDGET") {
		for _, other := range []string{"COUNT", "AB"} {
			if getenv(other) != "" {
				return fmt.Errorf("BUDGET chooses the number of runs of each row of one binary: "+
					"give either BUDGET or %s", other)
			}
		}
		budget, err := time.ParseDuration(text)
		if err != nil || budget <= 0 {
			return fmt.Errorf("bad BUDGET %q; give a duration above 0, such as 10m", text)
		}
		s.budget, s.schedule = budget, refining(budget)
		return nil
	}
	text := cmp.Or(getenv("COUNT"), s.config.Target.Default("COUNT"))
	count, err := strconv.Atoi(text)
	if err != nil || count < 1 {
		return fmt.Errorf("bad COUNT %q; give a whole number of runs, 1 or more", text)
	}
	s.schedule = runs(count)
	return nil
}

// CommandLine returns the command that makes the same snapshot again. It rejects settings that
// would break the snapshot's first line.
func (c Config) CommandLine(getenv func(string) string) (string, error) {
	line := c.command()
	for _, setting := range c.Target.Settings {
		name, value := setting.Name, getenv(setting.Name)
		if value == "" {
			continue
		}
		line += " " + name + "=" + format.InQuotes(value)
		if len(line) > maxCommand {
			return "", fmt.Errorf("%s is too long: all settings together have at most %d bytes",
				name, maxCommand)
		}
		if strings.ContainsFunc(value, unicode.IsControl) {
			return "", fmt.Errorf("bad %s %q; give one line without control characters",
				name, value)
		}
	}
	return line, nil
}

// readOptions returns the flags of the options that are given or have a default.
func (c Config) readOptions(getenv func(string) string) (flags []string, err error) {
	for _, o := range c.Options {
		value := cmp.Or(getenv(o.Name), c.Target.Default(o.Name))
		if value == "" {
			continue
		}
		if o.Check != nil {
			if err := o.Check(value); err != nil {
				return nil, fmt.Errorf("%s: %w", o.Name, err)
			}
		}
		flags = append(flags, o.Flag+"="+value)
	}
	return flags, nil
}
