package main

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"busybench/bench/host"
	"busybench/scripts/internal/openfile"
)

// result is what was seen of a database.
type result struct {
	db      *database
	before  state
	after   state
	between time.Duration // the two states
	watch   watch
	naps    *naps
	// commands are of the processes that were seen.
	commands commands
	asOf     time.Time // of the second state
	watched  bool      // for as long as the user asked for
}

// refresh is how often the script looks whether there is another -shm file, and who sleeps.
const refresh = 100 * time.Millisecond

// observe looks at databases: once at all sources, then at the write locks again and again, and
// then once more at all sources.
func observe(ctx context.Context, databases []*database, s settings) ([]result, error) {
	if err := host.CheckProc(); err != nil {
		return nil, err
	}
	results := make([]result, len(databases))
	for i, d := range databases {
		before, err := d.look()
		if err != nil {
			return nil, err
		}
		results[i] = result{db: d, before: before, asOf: time.Now(), naps: newNaps(before),
			commands: commands{}, watched: s.watch}
		for _, h := range before.holders {
			results[i].commands.see(h.pid)
		}
	}
	if err := sampleAll(ctx, results, s); err != nil {
		return nil, err
	}
	for i := range results {
		r := &results[i]
		var err error
		if r.after, err = r.db.look(); err != nil {
			return nil, err
		}
		now := time.Now()
		r.between, r.asOf = now.Sub(r.asOf), now
	}
	return results, nil
}

// sampleAll looks at the write locks and at the processes that sleep.
func sampleAll(ctx context.Context, results []result, s settings) error {
	var group errgroup.Group
	group.Go(func() error {
		return every(ctx, s.length, refresh, func(time.Duration) error {
			for i := range results {
				results[i].naps.look() // the rest of the result belongs to the other goroutine
			}
			return nil
		})
	})
	group.Go(func() error {
		next := refresh
		return every(ctx, s.length, s.every, func(at time.Duration) error {
			renew := at >= next
			if renew {
				next = at + refresh
			}
			for i := range results {
				if err := results[i].sample(at, renew); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return group.Wait()
}

// sample looks at the write lock once.
func (r *result) sample(at time.Duration, renew bool) error {
	if renew {
		if err := r.db.findIndex(); err != nil {
			return err
		}
	}
	look := sampler{kernel: systemCalls{}, db: r.db}
	got, err := look.look(at)
	if err != nil {
		return err
	}
	r.watch.add(got)
	r.commands.see(got.pid)
	return nil
}

// every calls a function at once, then at an interval, and last at the end: after a length of time,
// or when the context ends. The function gets the time since the first call.
func every(
	ctx context.Context, length, interval time.Duration, f func(at time.Duration) error,
) error {
	start := time.Now()
	ticker, end := time.NewTicker(interval), time.NewTimer(length)
	defer ticker.Stop()
	defer end.Stop()
	for {
		if err := f(time.Since(start)); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return f(time.Since(start))
		case <-end.C:
			return f(time.Since(start))
		case <-ticker.C:
		}
	}
}

// naps tells processes that wait as SQLite's busy handler does from others: it sleeps for 100 ms at
// most, again and again.
type naps struct {
	pids    []int
	looks   int
	threads map[int]map[int]*nap // by process and thread
}

// nap is a thread that was found asleep.
type nap struct{ looks, first, last int }

func newNaps(s state) *naps {
	n := &naps{threads: map[int]map[int]*nap{}}
	for _, pid := range s.users {
		if !slices.ContainsFunc(s.holders, func(h holder) bool {
			return h.pid == pid && h.role != connected
		}) {
			n.pids = append(n.pids, pid)
		}
	}
	return n
}

func (n *naps) look() {
	n.looks++
	for _, pid := range n.pids {
		for thread, count := range openfile.Naps(pid) {
			if n.threads[pid] == nil {
				n.threads[pid] = map[int]*nap{}
			}
			if n.threads[pid][thread] == nil {
				n.threads[pid][thread] = &nap{first: count}
			}
			found := n.threads[pid][thread]
			found.looks++
			found.last = count
		}
	}
}

// waiting returns the processes of which a thread was asleep at most looks and woke up now and
// then.
func (n *naps) waiting() (pids []int) {
	const perNap = 2 * refresh // with the time that a thread waits for a processor
	for _, pid := range n.pids {
		for _, t := range n.threads[pid] {
			woken := t.last - t.first
			length := time.Duration(t.looks) * refresh
			if 3*t.looks >= 2*n.looks && n.looks > 2 && time.Duration(woken)*perNap >= length/2 {
				pids = append(pids, pid)
				break
			}
		}
	}
	return pids
}
