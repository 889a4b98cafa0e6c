package fleet

import (
	"fmt"
	"strings"
)

// summarize returns nil if no writer failed, and otherwise an error that says how many did and why
// the first few did. Errors are indexed by writer.
func summarize(errs []error) error {
	const shown = 5
	var failed []string
	for number, err := range errs {
		if err != nil {
			failed = append(failed, fmt.Sprintf("writer %d: %v", number, err))
		}
	}
	n := len(failed)
	if n == 0 {
		return nil
	}
	if n > shown {
		failed = append(failed[:shown], fmt.Sprintf("and %d more", n-shown))
	}
	return fmt.Errorf("%d of %d writers failed: %s", n, len(errs), strings.Join(failed, "; "))
}
