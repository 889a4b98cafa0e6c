package bench

import (
	"fmt"
	"os"
	"path/filepath"

	"busybench/bench/profiling"
)

// profiles are the profiles of -profile. The zero profiles record nothing.
type profiles struct {
	dir  string
	stop []func() error
}

// newProfiles creates the directory.
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

func (p profiles) enabled() bool { return p.dir != "" }

// start records this process, and makes the writer processes record themselves: they inherit the
// environment variable.
func (p *profiles) start() error {
	if !p.enabled() {
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

// finish writes the profiles of this process.
func (p profiles) finish() error {
	for _, stop := range p.stop {
		if err := stop(); err != nil {
			return err
		}
	}
	return nil
}

// profiledExit records a writer process from now on, if it was asked to, and returns its exit
// function.
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
