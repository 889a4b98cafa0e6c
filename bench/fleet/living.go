package fleet

import (
	"errors"
	"maps"
	"slices"
	"sync"
)

// living knows every writer process of this program, for [KillAll].
var living = newRegistry()

func newRegistry() *registry { return &registry{processes: map[*process]bool{}} }

type registry struct {
	starting  sync.RWMutex // held for reading while a process is started, so that none is missed by whoever closes
	closed    bool         // no more are wanted; guarded by starting
	mu        sync.Mutex
	processes map[*process]bool // guarded by mu
}

// start starts a process, unless no more are wanted.
func (r *registry) start(p *process) error {
	r.starting.RLock()
	defer r.starting.RUnlock()
	if r.closed {
		return errors.New("interrupted")
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.processes[p] = true
	return nil
}

func (r *registry) forget(p *process) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.processes, p)
}

// close lets no more processes start and gives those that live.
func (r *registry) close() []*process {
	r.starting.Lock()
	r.closed = true
	r.starting.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.processes))
}

// KillAll ends every writer process, waits until they are gone, and lets no other start. It is
// for the end of the program.
func KillAll() {
	all := living.close()
	for _, p := range all {
		p.Kill()
	}
	for _, p := range all {
		p.wait()
	}
}
