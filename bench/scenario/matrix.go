package scenario

import (
	"slices"
	"strings"
)

// Case is one scenario of a matrix with the name it has there.
type Case struct {
	Name string // such as "exec=process/journal=wal/writers=64"
	Scenario
}

// Setting is an axis that has one value in a whole matrix.
type Setting struct {
	Key, Value string
}

// Cases spans the matrix of a, whose axes must all be given: every combination of values, the
// last axis varying fastest. The words stand in the names as they were given; exec, journal and
// writers always do, the other axes where they have more than one value.
func (a Axes) Cases() []Case { return a.cases(axes) }

// CasesBut is Cases for a benchmark that chooses the values of one axis itself: it stands neither in the names
// nor, but for its zero value, in the scenarios.
func (a Axes) CasesExcept(name string) []Case {
	return a.cases(slices.DeleteFunc(slices.Clone(axes), func(ax axis) bool { return ax.name == name }))
}

func (a Axes) cases(spanned []axis) []Case {
	cases := []Case{{}}
	for _, ax := range spanned {
		var next []Case
		for _, c := range cases {
			for _, word := range a.words[ax.name] {
				one := c
				if a.named(ax) {
					one.Name = strings.TrimPrefix(c.Name+"/"+ax.name+"="+word, "/")
				}
				ax.set(&one.Scenario, word)
				next = append(next, one)
			}
		}
		cases = next
	}
	return cases
}

// Settings lists the axes that do not stand in the names because they have one value.
func (a Axes) Settings() []Setting {
	var settings []Setting
	for _, ax := range axes {
		if !a.named(ax) {
			settings = append(settings, Setting{ax.name, a.words[ax.name][0]})
		}
	}
	return settings
}

// named reports whether an axis stands in the names.
func (a Axes) named(ax axis) bool {
	return slices.Contains(AlwaysNamed, ax.name) || len(a.words[ax.name]) > 1
}
