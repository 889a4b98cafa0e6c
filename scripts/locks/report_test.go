package main

import (
	"strings"
	"testing"
	"time"

	"busybench/scripts/internal/filelock"
	"busybench/scripts/internal/sqlitefile"
)

// made returns what would be seen of a database whose write lock the processes had, one after the
// other, at one look each.
func made(watched bool, after state, pids ...int) result {
	r := result{
		db: &database{name: "app.db", path: "/srv/app.db"}, after: after, naps: newNaps(state{}),
		watched: watched, commands: commands{7: "/usr/bin/python3 worker.py", 8: ""},
	}
	r.after.header = sqlitefile.Header{PageSize: 4096, Pages: 2}
	for i, pid := range pids {
		at := time.Duration(i) * time.Millisecond
		r.watch.add(sample{at: at, pid: pid, role: reserved, changes: uint32(i)})
	}
	return r
}

func TestReport(t *testing.T) {
	writes := func(pid int) state { return state{holders: []holder{{pid: pid, role: reserved}}} }
	for _, c := range []struct {
		name string
		r    result
		want []string
	}{
		{"free", made(false, state{}, noProcess, noProcess), []string{
			"No process has the write lock: it was free in each of 2 looks in 1ms. Meanwhile 1 " +
				"transaction was committed.", "use BEGIN IMMEDIATE"}},
		{"free, held before", made(false, state{}, 7, noProcess), []string{
			"The write lock is free now. It was held in 50 % of 2 looks in 1ms; 1 transaction " +
				"was committed.", "WATCH=10s says which"}},
		{"changes hands", made(true, writes(8), 7, 7, 8), []string{
			"pid 8 (command not visible) holds the write lock (RESERVED); since when is not known",
			"by 2 processes; 2 transactions were committed.", "one of pid 7",
			"7 python3 worker.py 66.7 %"}},
		{"in another PID namespace", made(false, writes(filelock.Hidden), 0, 0), []string{
			"A process in another PID namespace, such as a container, holds the write lock",
			"Run this in the container"}},
		{"other users", made(false, state{closed: 3}, noProcess), []string{
			"The open files of 3 processes of other users must not be seen"}},
		{"replaced", made(false, state{moved: "another file"}, noProcess), []string{
			"another file is at /srv/app.db now"}},
		{"a reader of an old state", made(false, state{
			index:   &sqlitefile.WALIndex{Frames: 1200, Marks: [5]uint32{0, 200}},
			holders: []holder{{pid: 7, role: walReader, mark: 1}}}, noProcess), []string{
			"pid 7 (python3 worker.py) reads a state that is 1,000 frames old",
			"The WAL has 1,200 frames to checkpoint."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := words(text(t, c.r))
			for _, want := range c.want {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in %s", want, out)
				}
			}
		})
	}
}

func TestCommandLinesAreShort(t *testing.T) {
	for command, want := range map[string]string{
		"/usr/bin/python3 worker.py": "python3 worker.py",
		"nginx: worker process":      "nginx: worker process",
		"/a/b":                       "b",
		"/opt/bin/server --config /etc/app.toml --port 8080": "server --confi…oml --port 8080",
	} {
		if got := shorten(withoutDirectory(command), 30); got != want {
			t.Errorf("%q is %q, want %q", command, got, want)
		}
	}
}
