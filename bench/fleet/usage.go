package fleet

import (
	"fmt"
	"time"

	"busybench/bench/host"
)

// PrivateBytes returns the total memory that the fleet's writer processes do not share with others.
func (f *Fleet) PrivateBytes() (int64, error) { return sum(f, "memory", host.PrivateBytes) }

// CPUTime returns the total processor time that the fleet's writer processes have used since they
// were started.
func (f *Fleet) CPUTime() (time.Duration, error) {
	return sum(f, "processor time", host.ProcessCPUTime)
}

// sum adds up a quantity of each of the fleet's writer processes.
func sum[T int64 | time.Duration](
	f *Fleet, name string, measure func(pid int) (T, error),
) (total T, err error) {
	var last *program
	for _, m := range f.members {
		p, ok := m.(*process)
		if !ok || p.program == last { // one that all share
			continue
		}
		last = p.program
		n, err := measure(p.pid)
		if err != nil {
			return 0, fmt.Errorf("%s of writer process %d: %w", name, p.pid, err)
		}
		total += n
	}
	return total, nil
}
