// Locks says which process has which lock on a live database, which wait, and for how long: the
// process and its command, the lock, the journal mode, the size of the WAL and what of it is not
// checkpointed yet. It reads files and asks the kernel. It does not open the database through
// SQLite, takes no lock and changes nothing.
//
// The kernel does not say since when a lock is held. So the script looks again and again, and
// reports for how long it saw the lock held by one process, without a commit. With WATCH it does
// so for longer, and reports how long and how often each process held the write lock.
//
// "make locks" calls it from the top of the repository. Its settings are those of
// [command.Locks], from the environment; -h prints them.
package main

import (
	"context"
	"io"
	"os"

	"busybench/bench/lifetime"
	"busybench/scripts/internal/command"
)

func main() {
	command.Locks.Start()
	ctx, stop := lifetime.Context()
	defer stop()
	if err := run(ctx, os.Stdout, os.Getenv); err != nil {
		command.PrintError("locks", err)
		os.Exit(2)
	}
}

// run reports on each database. A signal ends the looking, and what was seen is reported.
func run(ctx context.Context, stdout io.Writer, getenv func(string) string) error {
	s, err := readSettings(getenv)
	if err != nil {
		return err
	}
	var databases []*database
	for _, name := range s.databases {
		d, err := openDatabase(name)
		if err != nil {
			return err
		}
		defer d.close()
		databases = append(databases, d)
	}
	results, err := observe(ctx, databases, s)
	if err != nil {
		return err
	}
	for i, r := range results {
		if i > 0 {
			io.WriteString(stdout, "\n")
		}
		if err := r.write(stdout); err != nil {
			return err
		}
	}
	if s.watch {
		if err := draw(context.WithoutCancel(ctx), stdout, results, s.label); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}
