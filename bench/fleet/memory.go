package fleet

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
)

// PrivateBytes is the memory that the fleet's writer processes hold for themselves, without what
// they share with each other: Private_Clean and Private_Dirty of /proc/PID/smaps_rollup
// (proc_pid_smaps(5)), all writers together.
func (f *Fleet) PrivateBytes() (total int64, err error) {
	return f.sum("memory", privateBytes)
}

// sum adds up what something is for each of the fleet's writer processes.
func (f *Fleet) sum(what string, of func(pid int) (int64, error)) (total int64, err error) {
	for _, m := range f.members {
		p, ok := m.(*process)
		if !ok {
			continue
		}
		n, err := of(p.pid)
		if err != nil {
			return 0, fmt.Errorf("%s of writer process %d: %w", what, p.pid, err)
		}
		total += n
	}
	return total, nil
}

func privateBytes(pid int) (total int64, err error) {
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
