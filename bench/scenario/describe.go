package scenario

import "strings"

// AxisDoc describes an axis.
type AxisDoc struct {
	Name    string
	Doc     string // what it is, a phrase in lower case
	Values  string // such as "goroutine, process"
	Default string // in the form of the -axes flag; empty if each benchmark has its own
}

// Describe describes all axes in the order of a benchmark's name.
func Describe() (docs []AxisDoc) {
	defaults := Axes{}.WithDefaults(Defaults)
	for _, ax := range axes {
		docs = append(docs, AxisDoc{
			Name:    ax.name,
			Doc:     ax.doc,
			Values:  ax.accepts,
			Default: strings.Join(defaults.words[ax.name], ","),
		})
	}
	return docs
}
