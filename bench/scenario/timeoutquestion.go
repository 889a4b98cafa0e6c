package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// maxUnclear limits the timeouts without a unit that may be of seconds.
const maxUnclear = 100 * time.Millisecond

// timeoutUnits are what a misspelt unit stands for: the first that it begins with.
var timeoutUnits = []string{"ms", "s", "m", "h"}

// timeoutQuestion asks for the timeout that a number without a unit, or with an unknown one,
// probably means. It is empty for other words.
func timeoutQuestion(word string) string {
	colon := strings.LastIndex(word, ":") + 1
	policy, number := word[:colon], word[colon:]
	unit := strings.TrimLeft(number, "0123456789")
	digits := strings.TrimSuffix(number, unit)
	d, ok := milliseconds(digits)
	if _, err := time.ParseDuration(number); err == nil || !ok {
		return ""
	}
	meant := []string{d.String()}
	if d < maxUnclear {
		meant = []string{digits + "s", digits + "ms"}
	}
	for _, u := range timeoutUnits {
		if strings.HasPrefix(strings.ToLower(unit), u) {
			meant = []string{digits + u}
			break
		}
	}
	for i, timeout := range meant {
		meant[i] = policy + timeout
		if new(Busy).UnmarshalText([]byte(meant[i])) != nil {
			return ""
		}
	}
	question := "did you mean " + strings.Join(meant, ", or ")
	if unit == "" && len(meant) == 1 {
		question += fmt.Sprintf(", %s ms", digits)
	}
	return " (" + question + "?)"
}

// milliseconds reads a timeout as SQLite takes it, a number of milliseconds without a unit.
func milliseconds(word string) (time.Duration, bool) {
	n, err := strconv.ParseInt(word, 10, 32)
	return time.Duration(n) * time.Millisecond, err == nil && n > 0
}
