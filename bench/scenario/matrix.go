package scenario

import (
	"fmt"
	"slices"
	"strings"
)

// AlwaysNamed lists the axes that are part of a benchmark's name even if they have one value.
var AlwaysNamed = []string{"exec", "journal", "writers"}

// Case is one scenario of a matrix with its name.
type Case struct {
	Name string // such as "exec=process/journal=wal/writers=64"
	Scenario
}

// Setting is an axis that has one value in the whole matrix.
type Setting struct {
	Key, Value string
}

// Cases returns every combination of values, the last axis varying fastest. Every axis must have a
// value. Names contain the values as they were given. The axes in [AlwaysNamed] are part of each
// name, the other axes only if they have more than one value.
func (a Axes) Cases() []Case { return a.cases(a.all()) }

// Single returns the only scenario that axes span, with the rest of the axes from defaults and then
// from [Defaults]. All are texts that [Parse] reads.
func Single(axes, defaults string) (Scenario, error) {
	a, err := Parse(axes)
	if err != nil {
		return Scenario{}, err
	}
	cases := a.WithDefaults(defaults).WithDefaults(Defaults).Cases()
	if len(cases) != 1 {
		return Scenario{}, fmt.Errorf("%q spans %d scenarios, not 1; give each axis one value",
			axes, len(cases))
	}
	return cases[0].Scenario, nil
}

// CasesExcept is like [Axes.Cases] for a benchmark that chooses the values of one axis itself. That
// axis is not part of the names and has its zero value in the scenarios.
func (a Axes) CasesExcept(name string) []Case {
	is := func(ax axis) bool { return ax.name == name }
	return a.cases(slices.DeleteFunc(a.all(), is))
}

func (a Axes) cases(spanned []axis) []Case {
	cases := []Case{{}}
	for _, ax := range spanned {
		var next []Case
		for _, c := range cases {
			for _, word := range a.words[ax.name] {
				extended := c
				if a.named(ax) {
					extended.Name = strings.TrimPrefix(c.Name+"/"+ax.name+"="+word, "/")
				}
				ax.set(&extended.Scenario, word)
				next = append(next, extended)
			}
		}
		cases = next
	}
	return cases
}

// Settings returns the axes that are not part of the names because they have one value. The axes
// that were added after the first snapshots are left out while they are at their defaults, so that
// older snapshots have the same settings.
func (a Axes) Settings() []Setting {
	defaults := Axes{}.WithDefaults(Defaults)
	var settings []Setting
	for _, ax := range a.all() {
		word := a.words[ax.name][0]
		if !a.named(ax) && !(ax.quiet && word == defaults.words[ax.name][0]) {
			settings = append(settings, Setting{ax.name, word})
		}
	}
	return settings
}

// named reports whether an axis is part of the names.
func (a Axes) named(ax axis) bool {
	return slices.Contains(AlwaysNamed, ax.name) || len(a.words[ax.name]) > 1
}
