// Package format formats numbers for output to people.
package format

import "time"

// Duration formats a duration with three significant digits, such as "5.09s", "12.3ms" or "1m40s".
func Duration(d time.Duration) string {
	unit := time.Duration(1)
	for d.Abs()/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}
