package bench

import (
	"fmt"
	"os"
	"path/filepath"

	"busybench/bench/profiling"
)

// profiles are what -profile asks for. The zero profiles record nothing.
type profiles struct {
	dir  string
	stop []func() error
}

// newProfiles makes the directory.
func newProfiles(dir string) (p profiles, err error) {
	if dir == "" {
		return p, nil
	}
	if p.dir, err = filepath.Abs(dir); err == nil {
		err = os.MkdirAll(p.dir, 0o755)
	}
	if err != nil {
		return p, fmt.Errorf("%w; give a directory that exists or that you may create", err)
	}
	return p, nil
}

func (p profiles) wanted() bool { return p.dir != "" }

// start begins to record this process, and has the writer processes, which inherit the variable, record themselves.
func (p *profiles) start() error {
	if !p.wanted() {
		return nil
	}
	if err := os.Setenv(profiling.Variable, p.dir); err != nil {
		return err
	}
	stop, err := profiling.StartCPU(p.dir, profiling.Parent)
	if err != nil {
		return err
	}
	p.stop = []func() error{stop, profiling.StartWaits(p.dir, profiling.Parent)}
	return nil
}

// finish writes what has been recorded of this process.
func (p profiles) finish() error {
	for _, stop := range p.stop {
		if err := stop(); err != nil {
			return err
		}
	}
	return nil
}

// profiledExit records a writer process from now on, where it was asked to, and returns how it is
// to exit.
func profiledExit() func(code int) {
	dir := os.Getenv(profiling.Variable)
	if dir == "" {
		return os.Exit
	}
	stop, err := profiling.StartCPU(dir, profiling.Writer)
	return func(code int) {
		if err == nil {
			err = stop()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "writer: profile:", err)
			code = max(code, 1)
		}
		os.Exit(code)
	}
}
