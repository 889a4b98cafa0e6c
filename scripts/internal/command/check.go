package command

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/bench/nearest"
	"busybench/bench/scenario"
)

// The environment variables in which the Makefile passes what make was given: the targets, and the
// names of the variables.
const (
	GoalsVariable = "BUSYBENCH_MAKE_GOALS"
	GivenVariable = "BUSYBENCH_MAKE_VARIABLES"
)

// foreign matches the names of variables that are none of the scripts' settings, but mean something
// to make, to the Makefile, to the go command or to what it calls.
var foreign = regexp.MustCompile(`^(GO\w*|CGO_\w+|MAKE\w*|BUSYBENCH_\w+|LC_\w+|LD_\w+|XDG_\w+` +
	`|CC|CXX|AR|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|PKG_CONFIG|SHELL|TMPDIR|PATH|HOME|LANG|TERM` +
	`|COLUMNS|V|build)$`)

// Check rejects what make was given if a word is not a target, or a variable is not a setting of
// one of the targets. It has nothing to reject if a script is started by hand.
func (t Target) Check(getenv func(string) string) error {
	c := call{names: strings.Fields(getenv(GoalsVariable)), getenv: getenv}
	if err := c.findTargets(); err != nil {
		return err
	}
	if len(c.names) == 0 {
		c.targets = []Target{t} // make without a target
	}
	given := strings.Fields(getenv(GivenVariable))
	slices.Sort(given) // make has no order
	for _, name := range given {
		if !c.takes(name) && !foreign.MatchString(name) {
			return c.rejectVariable(name, given)
		}
	}
	return nil
}

// checkDir rejects a DIR that is set and empty, as by DIR=$DATA in a shell without DATA. The
// current directory may be on another disk.
func (t Target) checkDir(lookup func(string) (string, bool)) error {
	if dir, ok := lookup("DIR"); ok && dir == "" && t.Has("DIR") {
		return errors.New("DIR is empty; give a directory on the disk to measure, or no DIR")
	}
	return nil
}

// call is what a user typed after "make".
type call struct {
	names   []string // of the targets
	targets []Target
	getenv  func(string) string
}

// String returns the command without variables, such as "make bench compare".
func (c *call) String() string {
	text := "make"
	for _, t := range c.targets {
		text += " " + t.Name
	}
	return text
}

// findTargets looks the targets up.
func (c *call) findTargets() error {
	for _, name := range c.names {
		i := slices.IndexFunc(Targets, func(t Target) bool { return t.Name == name })
		if i >= 0 {
			c.targets = append(c.targets, Targets[i])
		}
	}
	for _, name := range c.names {
		if !slices.ContainsFunc(c.targets, func(t Target) bool { return t.Name == name }) {
			return fmt.Errorf("%q is not a target%s", name, c.instead(name))
		}
	}
	return nil
}

// instead says what to type instead of a target that does not exist.
func (c *call) instead(name string) string {
	var known []string
	for _, t := range Targets {
		known = append(known, t.Name)
	}
	if text := c.unquoted(name); text != "" {
		return fmt.Sprintf("; did you mean %s %s?", c, text)
	}
	if near := nearest.Word(name, known); near != "" {
		return fmt.Sprintf("; did you mean make %s?", near)
	}
	if c.takes("LABEL") {
		return fmt.Sprintf("; did you mean %s %s?", c, format.Assign("LABEL", name))
	}
	return "; there are " + strings.Join(known, ", ")
}

// unquoted returns the assignment that a name of a setting and the word behind it stand for, or an
// empty text if a word is not such a name.
func (c *call) unquoted(name string) string {
	i, setting := slices.Index(c.names, name), strings.ToUpper(name)
	if !c.takes(setting) {
		return ""
	}
	value := "..."
	if i+1 < len(c.names) {
		value = c.names[i+1]
	}
	return format.Assign(setting, value)
}

// takes reports whether one of the targets has a setting.
func (c *call) takes(setting string) bool {
	return slices.ContainsFunc(c.targets, func(t Target) bool { return t.Has(setting) })
}

// rejectVariable says what is wrong with one of the given variables, and what would be right.
func (c *call) rejectVariable(name string, given []string) error {
	if meant := c.meant(name, given); meant != "" {
		return fmt.Errorf("unknown variable %s; did you mean %s?", name, meant)
	}
	problem := "unknown variable " + name
	switch owners := owners(name); {
	case len(owners) > 3:
		problem = name + " is a variable of other targets"
	case len(owners) > 0:
		problem = fmt.Sprintf("%s is a variable of make %s", name, strings.Join(owners, ", "))
	}
	takes := strings.Join(c.settings(), ", ")
	if takes == "" {
		takes = "none"
	}
	return fmt.Errorf("%s; %s takes %s", problem, c, takes)
}

// meant returns what probably was to be typed instead of a variable, or an empty text.
func (c *call) meant(name string, given []string) string {
	owners, upper := owners(name), strings.ToUpper(name)
	switch {
	case c.takes(upper):
		return c.assign(upper, name)
	case c.takes("OVER") && upper == c.searched(): // not in AXES
		return c.assign("MAX", name)
	case c.takes("OVER") && upper == "RATE":
		return "OVER=rate"
	case upper == "DRIVER" && slices.Contains(c.names, Faults.Name): // kills only its own writers
		return ""
	case c.takes("AXES") && isAxis(name):
		text := "AXES=" + format.InQuotes(c.axes(given))
		if len(owners) > 0 {
			text += fmt.Sprintf(", or make %s %s", owners[0], c.assign(name, name))
		}
		return text
	case len(owners) > 0 && len(c.names) == 0:
		return fmt.Sprintf("make %s %s", owners[0], c.assign(name, name))
	case len(owners) > 0:
		return ""
	}
	if near := nearest.Word(name, c.settings()); near != "" {
		return c.assign(near, name)
	}
	return ""
}

// searched returns the axis that make limit searches for, in capital letters.
func (c *call) searched() string {
	return strings.ToUpper(cmp.Or(c.getenv("OVER"), Limit.Default("OVER")))
}

// settings returns the names of the targets' settings, or of all settings if no target is given.
func (c *call) settings() (names []string) {
	targets := c.targets
	if len(c.names) == 0 {
		targets = Targets
	}
	for _, t := range targets {
		for _, s := range t.Settings {
			if !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		}
	}
	return names
}

// owners returns the names of the targets with a setting.
func owners(setting string) (names []string) {
	for _, t := range Targets {
		if t.Has(setting) {
			names = append(names, t.Name)
		}
	}
	return names
}

// assign returns an assignment of the value that a variable has.
func (c *call) assign(setting, from string) string {
	return format.Assign(setting, c.getenv(from))
}

func isAxis(name string) bool {
	return slices.Contains(scenario.Names(), strings.ToLower(name))
}

// axes returns the value of AXES with those axes that were given as variables of their own. That
// is what is left of AXES=exec=process writers=2 without quotes.
func (c *call) axes(given []string) string {
	var own []string
	for _, axis := range scenario.Names() {
		for _, name := range given {
			if strings.ToLower(name) == axis {
				own = append(own, axis+"="+c.getenv(name))
			}
		}
	}
	return strings.Join(append(strings.Fields(c.getenv("AXES")), own...), " ")
}
