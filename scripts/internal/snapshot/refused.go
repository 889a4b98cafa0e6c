package snapshot

import "fmt"

// RefusedNote explains the parentheses around figures of rows that refuse attempts.
var RefusedNote = fmt.Sprintf("( ): over %.0f %% of the attempts were refused. These end early or "+
	"after the timeout, and others wait less: do not compare these figures.", 100*MaxRefused)

// Mark puts a figure in parentheses if the row refuses attempts.
func (r Row) Mark(figure string) string {
	if !r.Refuses() || figure == "" {
		return figure
	}
	return "(" + figure + ")"
}
