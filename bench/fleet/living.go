package fleet

import (
	"errors"
	"sync"
)

// living knows every writer process of this program, for [KillAll].
var living = newRegistry()

func newRegistry() *registry { return &registry{processes: map[*process]bool{}} }

type registry struct {
	mu        sync.Mutex
	closed    bool
	processes map[*process]bool
}

// start starts a process, unless no more are wanted.
func (r *registry) start(p *process) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return errors.New("interrupted")
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	r.processes[p] = true
	return nil
}

func (r *registry) forget(p *process) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.processes, p)
}

// KillAll ends every writer process, waits until they are gone, and lets no other start. It is
// for the end of the program.
func KillAll() {
	living.mu.Lock()
	living.closed = true
	var all []*process
	for p := range living.processes {
		all = append(all, p)
	}
	living.mu.Unlock()
	for _, p := range all {
		_ = p.cmd.Process.Kill()
	}
	for _, p := range all {
		<-p.gone
	}
}
