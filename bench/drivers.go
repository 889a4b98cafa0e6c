package bench

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/shlex"

	"busybench/bench/fleet"
	"busybench/bench/host"
	"busybench/bench/metrics"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// commands holds the words of the commands given by -driver, by the driver's name.
type commands map[string][]string

// add parses a value of -driver.
func (c commands) add(text string) error {
	name, command, ok := strings.Cut(text, "=")
	if !ok {
		return errors.New("give NAME=COMMAND, such as mine='python3 writer.py'; a driver that " +
			"make drivers builds needs none")
	}
	if err := scenario.CheckDriver(name); err != nil {
		return err
	}
	if name == scenario.Zombiezen {
		return fmt.Errorf("%s is the driver of this program; give another name", name)
	}
	if c[name] != nil {
		return fmt.Errorf("%s has a command already; give each driver one", name)
	}
	words, err := shlex.Split(command)
	if err == nil && len(words) == 0 {
		err = errors.New("it is empty")
	}
	if err != nil {
		return fmt.Errorf("bad command %q: %w", command, err)
	}
	c[name] = words
	return nil
}

// BuiltDrivers is the directory, below the top of the repository, into which make drivers puts a
// program for each driver.
const BuiltDrivers = ".build/drivers"

// find returns the command of a driver: the one that was given, or the program that make drivers
// has built. The directory of this process is the top of the repository, or bench under go test.
func (c commands) find(name string) ([]string, error) {
	if words := c[name]; words != nil {
		return words, nil
	}
	for _, top := range []string{".", ".."} {
		path, err := filepath.Abs(filepath.Join(top, BuiltDrivers, name))
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(path); err == nil {
			return []string{path}, nil
		}
	}
	if slices.Contains(scenario.Drivers, name) {
		return nil, fmt.Errorf("driver %s is not built; run make drivers, or give a command by "+
			"-driver %s=COMMAND (make: DRIVER)", name, name)
	}
	return nil, fmt.Errorf("driver %s has no command; give -driver %s=COMMAND (make: DRIVER)",
		name, name)
}

// driver is a program that writes.
type driver struct {
	command []string
	protocol.Driver
}

// drivers holds the programs of the driver axis, by name, except that of [scenario.Zombiezen].
type drivers map[string]driver

// startDrivers starts each driver of the axes once to learn what it can do. It rejects cases that
// one of them cannot do.
func startDrivers(axes scenario.Axes, given commands) (drivers, error) {
	all := drivers{}
	names := axes.OtherDrivers()
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("-driver: no case has driver=%s; give -axes "+
				"'exec=process driver=%s' too", name, name)
		}
	}
	for _, name := range names {
		command, err := given.find(name)
		if err != nil {
			return nil, fmt.Errorf("-axes: %w", err)
		}
		described, err := describe(command)
		if err != nil {
			return nil, fmt.Errorf("-driver: %s: %w", name, err)
		}
		all[name] = driver{command, described}
	}
	if len(all) == 0 {
		return all, nil
	}
	for _, c := range axes.WithDefaults("conn=held").WithDefaults(scenario.Defaults).Cases() {
		if err := all.check(c.Scenario); err != nil {
			return nil, fmt.Errorf("-axes: %w", err)
		}
	}
	return all, nil
}

// describe starts a writer and returns the driver that it names in its hello.
func describe(command []string) (protocol.Driver, error) {
	f, err := fleet.Commands(fleet.Options{}, command[0], command[1:]...)
	if err != nil {
		return protocol.Driver{}, err
	}
	defer f.Close()
	if err := f.Grow(1); err != nil {
		return protocol.Driver{}, err
	}
	return f.Driver()
}

// check rejects a scenario that its driver cannot do.
func (d drivers) check(s scenario.Scenario) error {
	if other, ok := d[s.Driver]; ok {
		return other.Check(s)
	}
	return nil
}

// newFleet makes a fleet for a scenario.
func (d drivers) newFleet(s scenario.Scenario, o fleet.Options) (*fleet.Fleet, error) {
	if s.Exec == scenario.Goroutine {
		return fleet.Goroutines(o)
	}
	if other, ok := d[s.Driver]; ok {
		return fleet.Commands(o, other.command[0], other.command[1:]...)
	}
	return fleet.Processes(o)
}

// driverKey begins the key of the header line with the versions of a driver.
const driverKey = "driver-"

// headerLines returns a line for each driver, if there are others than [scenario.Zombiezen].
func (d drivers) headerLines() (lines []host.Line) {
	for _, name := range slices.Sorted(maps.Keys(d)) {
		lines = append(lines, host.Line{Key: driverKey + name, Value: d[name].String()})
	}
	if len(lines) > 0 {
		own := host.Line{Key: driverKey + scenario.Zombiezen, Value: sqlitedb.Driver}
		lines = append(lines, own)
	}
	return lines
}

// lockUnits are the units that need the instants at which the write lock is acquired and released.
var lockUnits = append([]string{metrics.LockIdlePercent, metrics.LockHeldPercent},
	metrics.Breakdown...)

// lacking returns the units that not all drivers of the axes can supply, and a comment on them.
func (d drivers) lacking(axes scenario.Axes) (units []string, comment string) {
	var names []string
	for _, name := range axes.OtherDrivers() {
		if other, ok := d[name]; ok && !other.Capabilities.LockInstants {
			names = append(names, name)
		}
	}
	if names == nil {
		return nil, ""
	}
	return lockUnits, fmt.Sprintf("# not measured: %s; driver %s does not report when a writer "+
		"has the write lock", strings.Join(lockUnits, " "), strings.Join(names, ", "))
}
