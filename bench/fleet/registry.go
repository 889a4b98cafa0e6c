package fleet

import (
	"errors"
	"maps"
	"slices"
	"sync"
)

// children holds every writer process of this program, for [KillAll].
var children = newRegistry()

func newRegistry() *registry { return &registry{processes: map[*program]bool{}} }

type registry struct {
	// starting is held for reading while a process starts, so that close misses none.
	starting  sync.RWMutex
	closed    bool // no more processes may start; guarded by starting
	mu        sync.Mutex
	processes map[*program]bool // guarded by mu
}

// start starts a process, unless the registry is closed.
func (r *registry) start(p *program) error {
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

func (r *registry) remove(p *program) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.processes, p)
}

// close lets no more processes start and returns those that run.
func (r *registry) close() []*program {
	r.starting.Lock()
	r.closed = true
	r.starting.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Keys(r.processes))
}

// KillAll kills every writer process of this program, waits until they have exited, and prevents
// further starts. It is for the end of the program.
func KillAll() {
	all := children.close()
	for _, p := range all {
		p.Kill()
	}
	for _, p := range all {
		p.wait()
	}
}
