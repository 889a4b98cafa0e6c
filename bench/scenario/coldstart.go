package scenario

import (
	"fmt"
	"slices"
	"strings"
)

// SQLiteWaits reports whether SQLite itself waits for a lock under the policy.
func (b Busy) SQLiteWaits() bool { return b.Policy != None && b.Policy != Retry }

// checkColdStart rejects an order of the busy timeout without one, and a write-ahead log without
// rows.
func (a Axes) checkColdStart() error {
	given := a.WithDefaults(Defaults)
	if orders := a.words["order"]; orders != nil &&
		!slices.ContainsFunc(given.words["busy"], waitsInSQLite) {
		return fmt.Errorf("axis \"order\" (%s) has no effect with busy=%s, with which SQLite does "+
			"not wait; give busy a timeout", strings.Join(orders, ","),
			strings.Join(given.words["busy"], ","))
	}
	isNone := func(word string) bool { return !isAbove0(word) }
	if slices.Contains(a.words["file"], AbandonedFile) &&
		slices.ContainsFunc(a.words["rows"], isNone) {
		return fmt.Errorf("file=%s needs rows in the log, but rows is %s; give rows above 0",
			AbandonedFile, strings.Join(a.words["rows"], ","))
	}
	return nil
}

// waitsInSQLite reports whether SQLite waits under a value of busy.
func waitsInSQLite(word string) bool {
	var b Busy
	return b.UnmarshalText([]byte(word)) == nil && b.SQLiteWaits()
}
