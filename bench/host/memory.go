package host

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
)

// PrivateBytes returns the memory that a process does not share with others: Private_Clean and
// Private_Dirty of /proc/PID/smaps_rollup (proc_pid_smaps(5)).
func PrivateBytes(pid int) (total int64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		var kind string
		var kB int64
		if n, _ := fmt.Sscanf(lines.Text(), "%s %d kB", &kind, &kB); n == 2 &&
			(kind == "Private_Clean:" || kind == "Private_Dirty:") {
			total += kB * 1024
		}
	}
	return total, nil
}
