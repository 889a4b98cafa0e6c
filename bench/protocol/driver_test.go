package protocol

import (
	"strings"
	"testing"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// poor is a driver that can do little.
var poor = Driver{
	Name: "lib", Version: "1.2", SQLite: "3.40.1",
	CompileOptions: []string{"ENABLE_FTS5", "DEFAULT_SYNCHRONOUS=2", "THREADSAFE=1"},
	Capabilities: Capabilities{
		Roles: []outcome.Role{outcome.Writer},
		Busy:  []string{scenario.None, scenario.Timeout},
		Txn:   []string{scenario.Auto},
		Conn:  []string{scenario.Held},
	},
}

func TestADriverIsCheckedBeforeARound(t *testing.T) {
	rich := poor
	rich.Capabilities.Roles = append(rich.Capabilities.Roles, outcome.Reader)
	rich.Capabilities.Busy = []string{scenario.Timeout, scenario.Poll, scenario.Queue}
	rich.Capabilities.Queue = []string{scenario.AtConnection}
	rich.Capabilities.Checkpoint = true
	rich.Capabilities.SharedCache = true
	rich.Capabilities.Exec = []string{scenario.Process, scenario.Goroutine}
	rich.Capabilities.Hold, rich.Capabilities.Rate, rich.Capabilities.Pragmas = true, true, true
	for _, c := range []struct {
		name   string
		driver Driver
		axes   string
		want   string // the error; empty if there is none
	}{
		{"nothing special", poor, "", ""},
		{"goroutines that it does not declare", poor, "exec=goroutine",
			"driver x cannot do exec=goroutine; it can do process"},
		{"goroutines", rich, "exec=goroutine busy=9s", ""},
		{"a policy that it has", poor, "busy=none", ""},
		{"a policy that it lacks", poor, "busy=poll:1ms",
			"driver x cannot do busy=poll:1ms; it can do none and timeout"},
		{"a transaction that it lacks", poor, "txn=upgrade",
			"driver x cannot do txn=upgrade; it can do auto"},
		{"a connection that it lacks", poor, "conn=fresh",
			"driver x cannot do conn=fresh; it can do held"},
		{"a hold", poor, "hold=5ms", "driver x cannot do hold=5ms; leave hold out"},
		{"a rate", poor, "rate=50", "driver x cannot do rate=50; leave rate out"},
		{"readers", poor, "readers=2", "driver x cannot do readers=2; leave readers out"},
		{"checkpoints", poor, "checkpoint=off",
			"driver x cannot do checkpoint=off; leave checkpoint out"},
		{"a setting of checkpoints", rich, "checkpoint=auto:5", ""},
		{"a checkpointer", rich, "checkpoint=full:1s",
			"driver x cannot do checkpoint=full:1s; leave checkpoint out"},
		{"an intruder", rich, "intruder=vacuum",
			"driver x cannot do intruder=vacuum; leave intruder out"},
		{"a shared cache", poor, "cache=shared",
			"driver x cannot do cache=shared; leave cache out"},
		{"a shared cache that it has", rich, "cache=shared busy=9s", ""},
		{"a pragma", poor, "pragma.cache_size=5",
			"driver x cannot set pragmas; leave pragma.cache_size out"},
		{"all that it has", rich,
			"busy=poll:1ms hold=5ms rate=50 readers=2 pragma.cache_size=5", ""},
		{"a place of the queue that it has", rich, "busy=queue", ""},
		{"a place of the queue that it lacks", rich, "busy=queue:9s queue=transaction",
			"driver x cannot do queue=transaction; it can do connection"},
		{"the same without a queue", rich, "busy=9s queue=transaction", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := scenario.Single(c.axes,
				"exec=process journal=wal writers=1 conn=held driver=x")
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := c.driver.Check(s); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("error is %q, want %q", got, c.want)
			}
		})
	}
}

func TestADriverNamesItsVersionsAndTheOptionsThatMatter(t *testing.T) {
	const want = "lib 1.2, SQLite 3.40.1, THREADSAFE=1, DEFAULT_SYNCHRONOUS=2, fdatasync"
	d := poor
	d.Sync = "fdatasync"
	if got := d.String(); got != want {
		t.Errorf("is %q, want %q", got, want)
	}
	if got := (Driver{Name: "lib", SQLite: "3"}).String(); strings.Contains(got, "  ") ||
		got != "lib, SQLite 3" {
		t.Errorf("without a version it is %q", got)
	}
}
