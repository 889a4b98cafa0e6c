package host

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// readPressure returns how long some process of the machine was waiting for a resource, "cpu" or
// "io", since the boot (https://docs.kernel.org/accounting/psi.html). It is [unknown] if the kernel
// does not count that.
func readPressure(root, resource string) time.Duration {
	text, err := os.ReadFile(filepath.Join(root, "proc/pressure", resource))
	if err != nil {
		return unknown
	}
	total, err := parsePressure(string(text))
	if err != nil {
		return unknown
	}
	return total
}

// parsePressure reads lines such as "some avg10=0.00 avg60=0.00 avg300=0.00 total=4711".
func parsePressure(text string) (time.Duration, error) {
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] != "some" {
			continue
		}
		for _, word := range words {
			if total, ok := strings.CutPrefix(word, "total="); ok {
				us, err := strconv.ParseInt(total, 10, 64)
				return time.Duration(us) * time.Microsecond, err
			}
		}
	}
	return 0, fmt.Errorf("pressure: no total of some in %q", text)
}
