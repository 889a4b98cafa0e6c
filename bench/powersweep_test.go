package bench

import (
	"bytes"
	"maps"
	"strings"
	"testing"
	"time"

	"busybench/bench/clock"
	"busybench/bench/powerloss/disk"
	"busybench/bench/powerloss/mount"
)

// A sweep cuts the power before each of the first operations of a writer.
const (
	sweepOperations = 120
	sweepSeeds      = 12 // survivors of each model and operation
)

// instant is what a cut before an operation leaves.
type instant struct {
	at        int64
	survivors []map[string][]byte
}

// sweep returns the worst verdict over all cuts. Syncs of some files can be without effect.
func sweep(t *testing.T, axes string, ignore func(name string) bool) verdict {
	t.Helper()
	if err := mount.Check(); err != nil {
		t.Skip(err)
	}
	p, err := newPowerLoss(env, scenarioFor(t, "exec=process writers=1 batch=3 payload=900 "+axes))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	}()
	d := p.newDisk()
	d.IgnoreSync = ignore
	var instants []instant
	d.Before = func(state disk.State) {
		if len(instants) < sweepOperations {
			instants = append(instants, instant{clock.Now(), survivorsOf(state)})
		}
	}
	const seed = 1
	round, err := p.load(d, seed, 500*time.Millisecond, func() { d.Cut() })
	if err != nil {
		t.Fatal(err)
	}
	if n := len(instants); n < sweepOperations {
		t.Fatalf("the writer made %d operations", n)
	}
	var worst verdict
	for _, i := range instants {
		l := p.newLoss(round, i.at, seed)
		for _, files := range i.survivors {
			v, err := p.recover(l, files)
			if err != nil {
				t.Fatal(err)
			}
			worst = worst.worse(v)
		}
	}
	return worst
}

// survivorsOf returns all different survivors.
func survivorsOf(state disk.State) (all []map[string][]byte) {
	isNew := func(files map[string][]byte) bool {
		for _, other := range all {
			if maps.EqualFunc(files, other, bytes.Equal) {
				return false
			}
		}
		return true
	}
	for _, m := range disk.Models {
		for seed := range uint64(sweepSeeds) {
			if files := state.Survivor(m, seed); isNew(files) {
				all = append(all, files)
			}
		}
	}
	return all
}

func TestSweepAll(t *testing.T) {
	for _, journal := range []string{"delete", "truncate", "persist", "wal"} {
		for _, sync := range []string{"off", "normal", "full", "extra"} {
			for name, ignore := range map[string]func(string) bool{
				"nothing": nil, "all": func(string) bool { return true },
				"db":      func(n string) bool { return n == databaseName },
				"journal": func(n string) bool { return strings.HasPrefix(n, databaseName+"-") },
				"dir":     func(n string) bool { return n == "." },
			} {
				begin := time.Now()
				v := sweep(t, "journal="+journal+" sync="+sync, ignore)
				t.Logf("%s %s ignore %s: lost %d damage %.60s returned %d (%v)", journal, sync, name,
					v.lost, v.damage, v.returned, time.Since(begin))
			}
		}
	}
}
