package bench

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/powerloss/disk"
	"busybench/bench/powerloss/mount"
)

// A sweep cuts the power before each of the first operations of a lone writer, so that what it
// finds does not depend on the moment of a cut.
const (
	sweepOperations = 90
	sweepSeeds      = 12 // survivors of each model and operation
	sweepSeed       = 1  // of the writer
)

// instant is what a cut before an operation leaves.
type instant struct {
	at        int64
	survivors []map[string][]byte
}

// sweep returns the worst verdict over all cuts, or over fewer if these are bad enough. Syncs of
// some files, or of the directory ".", can be without effect, as if the program had left them out.
func sweep(
	t *testing.T, axes string, ignore func(name string) bool, enough func(verdict) bool,
) verdict {
	t.Helper()
	if err := mount.Check(); err != nil {
		t.Skip(err)
	}
	s := scenarioFor(t, "exec=process writers=1 batch=3 payload=900 "+axes)
	p, err := newPowerLoss(env, s)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	}()
	round, instants := sweepRound(t, p, ignore)
	var worst verdict
	for _, i := range instants {
		l := p.newLoss(round, i.at, sweepSeed)
		for _, files := range i.survivors {
			v, err := p.recover(l, files)
			if err != nil {
				t.Fatal(err)
			}
			if worst = worst.worse(v); enough(worst) {
				return worst
			}
		}
	}
	return worst
}

// sweepRound makes a round, a longer one if the writer is slow.
func sweepRound(
	t *testing.T, p *powerLoss, ignore func(name string) bool,
) (round outcome.Round, instants []instant) {
	t.Helper()
	for length := 200 * time.Millisecond; len(instants) < sweepOperations; length *= 4 {
		if length > time.Minute {
			t.Fatalf("the writer made %d operations in %v", len(instants), length/4)
		}
		d := p.newDisk()
		d.IgnoreSync = ignore
		instants = nil
		d.Before = func(state disk.State) {
			if len(instants) < sweepOperations {
				instants = append(instants, instant{clock.Now(), distinct(state)})
			}
		}
		var err error
		if round, err = p.load(d, sweepSeed, length, func() { d.Cut() }); err != nil {
			t.Fatal(err)
		}
	}
	return round, instants
}

// distinct returns all different survivors of all models.
func distinct(state disk.State) (all []map[string][]byte) {
	for _, m := range disk.Models {
		for seed := range uint64(sweepSeeds) {
			files := state.Survivor(m, seed)
			if !slices.ContainsFunc(all, func(other map[string][]byte) bool {
				return maps.EqualFunc(files, other, bytes.Equal)
			}) {
				all = append(all, files)
			}
		}
	}
	return all
}

func isDatabase(name string) bool  { return name == databaseName }
func isJournal(name string) bool   { return strings.HasPrefix(name, databaseName+"-") }
func isDirectory(name string) bool { return name == "." }
func isAny(string) bool            { return true }

// What SQLite's documentation promises is true, and the rest is found: with journal=delete only
// sync=extra keeps the newest transaction, and with sync=normal a rollback journal that is kept
// between two transactions can damage the file.
func TestPowerLossOfEachSetting(t *testing.T) {
	skipIfShort(t)
	t.Parallel() // it takes long
	for _, test := range []struct {
		axes           string
		loses, damages bool
	}{
		{"journal=delete sync=extra", false, false},
		{"journal=delete sync=full", true, false},
		{"journal=truncate sync=full", false, false},
		{"journal=persist sync=full", false, false},
		{"journal=wal sync=full", false, false},
		{"journal=wal sync=full conn=held checkpoint=auto:4", false, false},
		{"journal=wal sync=normal conn=held checkpoint=auto:4", true, false},
		{"journal=truncate sync=normal", true, true},
		{"journal=persist sync=normal", true, true},
		{"journal=delete sync=off", true, true},
		{"journal=truncate sync=off", true, true},
		{"journal=persist sync=off", true, true},
		{"journal=wal sync=off", true, true},
	} {
		t.Run(test.axes, func(t *testing.T) {
			v := sweep(t, test.axes, nil, func(v verdict) bool {
				return test.loses && test.damages && v.lost > 0 && v.damage != ""
			})
			if (v.lost > 0) != test.loses || (v.damage != "") != test.damages || v.returned > 0 {
				t.Errorf("%d rows are lost, %d returned, damage: %q", v.lost, v.returned, v.damage)
			}
		})
	}
}

// SQLite without its syncs, or without those of one file, is caught in each journal mode. A journal
// that is truncated or overwritten needs no sync of the directory, since it is as old as the
// database.
func TestSQLiteWithoutItsSyncsIsCaught(t *testing.T) {
	skipIfShort(t)
	for _, test := range []struct {
		name   string
		axes   string
		ignore func(name string) bool
	}{
		{"delete, none", "journal=delete sync=extra", isAny},
		{"delete, not the database", "journal=delete sync=extra", isDatabase},
		{"delete, not the journal", "journal=delete sync=extra", isJournal},
		{"delete, not the directory", "journal=delete sync=extra", isDirectory},
		{"truncate, none", "journal=truncate sync=full", isAny},
		{"truncate, not the database", "journal=truncate sync=full", isDatabase},
		{"truncate, not the journal", "journal=truncate sync=full", isJournal},
		{"persist, none", "journal=persist sync=full", isAny},
		{"persist, not the database", "journal=persist sync=full", isDatabase},
		{"persist, not the journal", "journal=persist sync=full", isJournal},
		{"wal, none", "journal=wal sync=full", isAny},
		{"wal, not the database", "journal=wal sync=full", isDatabase},
		{"wal, not the log", "journal=wal sync=full", isJournal},
		{"wal, not the directory", "journal=wal sync=full", isDirectory},
	} {
		t.Run(test.name, func(t *testing.T) {
			isCaught := func(v verdict) bool { return v.lost > 0 || v.damage != "" }
			if v := sweep(t, test.axes, test.ignore, isCaught); !isCaught(v) {
				t.Error("nothing is lost or damaged")
			}
		})
	}
}
