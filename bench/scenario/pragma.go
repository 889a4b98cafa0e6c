package scenario

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// PragmaPrefix begins the name of an axis that sets a pragma, such as "pragma.cache_size".
const PragmaPrefix = "pragma."

// Pragmas holds the values that connections set pragmas to (https://www.sqlite.org/pragma.html), as
// words "name=value" in the order of the names. It is text so that scenarios can be compared.
type Pragmas string

// All returns the names and values, in the order of the names.
func (p Pragmas) All() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for _, word := range strings.Fields(string(p)) {
			name, value, _ := strings.Cut(word, "=")
			if !yield(name, value) {
				return
			}
		}
	}
}

// newPragmas returns the pragmas of a map.
func newPragmas(values map[string]string) Pragmas {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		words = append(words, name+"="+values[name])
	}
	return Pragmas(strings.Join(words, " "))
}

// MarshalJSON returns an object with the values by name.
func (p Pragmas) MarshalJSON() ([]byte, error) { return json.Marshal(maps.Collect(p.All())) }

// UnmarshalJSON parses an object with the values by name.
func (p *Pragmas) UnmarshalJSON(text []byte) error {
	var values map[string]string
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	*p = newPragmas(values)
	return nil
}

// otherAxes are the axes that set these pragmas.
var otherAxes = map[string]string{
	"journal_mode": "journal", "synchronous": "sync", "busy_timeout": "busy",
}

var (
	pragmaName  = regexp.MustCompile(`^[a-z_]+$`)
	pragmaValue = regexp.MustCompile(`^[-+.\w]+$`)
)

// pragmaAxis returns the axis of a name that begins with [PragmaPrefix].
func pragmaAxis(name string) axis {
	pragma := strings.TrimPrefix(name, PragmaPrefix)
	return axis{
		name: name, accepts: "a word or a number",
		get: func(s Scenario) string { return maps.Collect(s.Pragmas.All())[pragma] },
		set: func(s *Scenario, word string) bool {
			values := maps.Collect(s.Pragmas.All())
			values[pragma] = word
			s.Pragmas = newPragmas(values)
			return pragmaName.MatchString(pragma) && pragmaValue.MatchString(word)
		},
	}
}

// checkPragma rejects the name of an axis that another one sets, or that cannot be a pragma.
func checkPragma(name string) error {
	pragma := strings.TrimPrefix(name, PragmaPrefix)
	if other := otherAxes[pragma]; other != "" {
		return fmt.Errorf("axis %q is given as %q; give that one", name, other)
	}
	if !pragmaName.MatchString(pragma) {
		return fmt.Errorf("bad axis %q; the name of a pragma has lower-case letters and _ only, "+
			"such as pragma.cache_size", name)
	}
	return nil
}

// IsAxis reports whether a name is that of an axis.
func IsAxis(name string) bool {
	_, ok := findAxis(name)
	return ok
}

// findAxis returns the axis of a name.
func findAxis(name string) (axis, bool) {
	if strings.HasPrefix(name, PragmaPrefix) {
		return pragmaAxis(name), checkPragma(name) == nil
	}
	i := slices.IndexFunc(axes, func(ax axis) bool { return ax.name == name })
	if i < 0 {
		return axis{}, false
	}
	return axes[i], true
}

// all returns all axes that a may have values for, in the order of a benchmark's name: those with
// names of their own, and then pragmas by name.
func (a Axes) all() []axis {
	all := slices.Clone(axes)
	for _, name := range slices.Sorted(maps.Keys(a.words)) {
		if strings.HasPrefix(name, PragmaPrefix) {
			all = append(all, pragmaAxis(name))
		}
	}
	return all
}
