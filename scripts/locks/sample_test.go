package main

import (
	"testing"

	"busybench/scripts/internal/filelock"
)

// counter counts the system calls of a sampler.
type counter struct {
	systemCalls
	queries, reads int
}

func (c *counter) query(f file, write bool, first, last int64) (filelock.Lock, bool, error) {
	c.queries++
	return c.systemCalls.query(f, write, first, last)
}

func (c *counter) readAt(f file, b []byte, offset int64) error {
	c.reads++
	return c.systemCalls.readAt(f, b, offset)
}

// A look is cheap: a few system calls, none of which waits for a lock of the database or keeps one
// from being taken.
func TestSystemCallsOfALook(t *testing.T) {
	for _, c := range []struct {
		name, mode string
		statements []string
		queries    int
		want       sample
	}{
		{"free", "delete", []string{"SELECT 1"}, 1, sample{pid: noProcess}},
		{"RESERVED", "delete", []string{"BEGIN IMMEDIATE"}, 3, sample{role: reserved}},
		{"EXCLUSIVE", "delete", []string{"BEGIN EXCLUSIVE"}, 1, sample{role: exclusive}},
		{"WAL, free", "wal", []string{"SELECT * FROM t"}, 2, sample{pid: noProcess}},
		{"WAL, held", "wal", []string{"BEGIN IMMEDIATE"}, 2, sample{role: walWriter}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := newDatabase(t, c.mode)
			p := start(t, script{Path: path, First: c.statements})
			d, err := openDatabase(path)
			if err != nil {
				t.Fatal(err)
			}
			defer d.close()
			kernel := &counter{}
			got, err := (&sampler{kernel: kernel, db: d}).look(0)
			if err != nil {
				t.Fatal(err)
			}
			if c.want.pid == 0 {
				c.want.pid = p.pid
			}
			if got.pid != c.want.pid || got.role != c.want.role {
				t.Errorf("is %+v, want %+v", got, c.want)
			}
			if kernel.queries != c.queries || kernel.reads != 1 ||
				kernel.queries+kernel.reads > maxCalls {
				t.Errorf("%d queries and %d reads, want %d and 1", kernel.queries, kernel.reads,
					c.queries)
			}
		})
	}
}
