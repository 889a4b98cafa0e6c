package command

import (
	"fmt"
	"slices"
	"strings"

	"busybench/bench/format"
)

// nameWidth and takesWidth are the widths of the first two columns of the overview.
const (
	nameWidth  = 12
	takesWidth = 12
)

// Overview returns the text of "make help": every target, the names of all variables, and examples.
func Overview() string {
	var text strings.Builder
	text.WriteString("How many writers can one SQLite file take, and what does it cost?\n\n" +
		"usage: make TARGET [VARIABLE=value ...]\n\n")
	for _, t := range Targets {
		first := fmt.Sprintf("  %-*s%-*s", nameWidth, t.Name, takesWidth, t.Takes)
		margin := strings.Repeat(" ", nameWidth+2)
		text.WriteString(format.Wrap(t.Doc, format.Columns, first, margin) + "\n")
	}
	text.WriteString("\nvariables:\n" +
		format.Wrap(strings.Join(settingNames(), " "), format.Columns, "  ", "  ") + "\n\n" +
		format.Wrap("Those of a target such as bench, with their defaults: "+
			"go run ./scripts/bench -h. A value with spaces needs quotes.",
			format.Columns, "", "") + "\n")
	text.WriteString("\nexamples:\n")
	for _, example := range overviewExamples {
		text.WriteString("  " + example + "\n")
	}
	return text.String()
}

// settingNames returns the names of the settings of all targets, each once.
func settingNames() (names []string) {
	for _, t := range Targets {
		for _, s := range t.Settings {
			if !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		}
	}
	return names
}

// overviewExamples are one way through the targets, from a first answer to a gate.
var overviewExamples = []string{
	Quick.Examples[0],
	Limit.Examples[0],
	Bench.Examples[0],
	Compare.Examples[0],
	Compare.Examples[1],
}

// Help returns the text of a script's -h: what it does, its settings, and examples.
func (t Target) Help() string {
	var text strings.Builder
	title := fmt.Sprintf("make %s: %s", t.Name, t.Doc)
	if t.Takes != "" {
		title += " (" + t.Takes + ")"
	}
	text.WriteString(format.Wrap(title, format.Columns, "", "") + "\n")
	if len(t.Settings) > 0 {
		text.WriteString("\nvariables, as in " + t.example() + ", or in the environment:\n")
	}
	for _, s := range t.Settings {
		doc := s.Doc
		if s.Default != "" {
			doc += " (default: " + s.Default + ")"
		}
		text.WriteString(format.Wrap(doc, format.Columns, fmt.Sprintf("  %-*s", nameWidth, s.Name),
			strings.Repeat(" ", nameWidth+2)) + "\n")
	}
	if len(t.Examples) > 0 {
		text.WriteString("\nexamples:\n")
	}
	for _, example := range t.Examples {
		text.WriteString("  " + example + "\n")
	}
	return text.String()
}

// example returns a short command of the target.
func (t Target) example() string {
	if t.Has("LABEL") {
		return fmt.Sprintf("make %s LABEL=mine", t.Name)
	}
	return "make " + t.Name
}
