package bench

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"busybench/bench/drivers"
	"busybench/bench/fleet"
	"busybench/bench/host"
	"busybench/bench/metrics"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// driver is a program that writes.
type driver struct {
	command []string
	protocol.Driver
}

// programs holds the programs of the driver axis, by name, except that of [scenario.Zombiezen].
type programs map[string]driver

// startDrivers starts each driver of the axes once to learn what it can do. It rejects cases that
// one of them cannot do, and one that cannot do a cold start if that is asked for.
func startDrivers(axes scenario.Axes, given drivers.Commands, cold bool) (programs, error) {
	all := programs{}
	names := axes.OtherDrivers()
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("-driver: no case has driver=%s; give -axes "+
				"'exec=process driver=%s' too", name, name)
		}
	}
	for _, name := range names {
		command, err := given.Find(name)
		if err != nil {
			return nil, fmt.Errorf("-axes: %w", err)
		}
		described, err := fleet.Describe(command)
		if err != nil {
			return nil, fmt.Errorf("-driver: %s: %w", name, err)
		}
		if cold && !described.Capabilities.ColdStart {
			return nil, fmt.Errorf("-bench: driver %s cannot do a cold start; select other "+
				"benchmarks than Open", name)
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

// check rejects a scenario that its driver cannot do.
func (d programs) check(s scenario.Scenario) error {
	if other, ok := d[s.Driver]; ok {
		return other.Check(s)
	}
	return nil
}

// newFleet makes a fleet for a scenario.
func (d programs) newFleet(s scenario.Scenario, o fleet.Options) (*fleet.Fleet, error) {
	other, isOther := d[s.Driver]
	switch {
	case isOther && s.Exec == scenario.Goroutine:
		return fleet.OneProcess(o, other.command[0], other.command[1:]...)
	case isOther:
		return fleet.Commands(o, other.command[0], other.command[1:]...)
	case s.Exec == scenario.Goroutine:
		return fleet.Goroutines(o)
	}
	return fleet.Processes(o)
}

// driverKey begins the key of the header line with the versions of a driver.
const driverKey = "driver-"

// headerLines returns a line for each driver, if there are others than [scenario.Zombiezen].
func (d programs) headerLines() (lines []host.Line) {
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
func (d programs) lacking(axes scenario.Axes) (units []string, comment string) {
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
