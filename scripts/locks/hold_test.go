package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const ms = time.Millisecond

func free(at time.Duration, changes uint32) sample {
	return sample{at: at, pid: noProcess, changes: changes}
}

// holdCases are looks, and the holds that they found.
var holdCases = []struct {
	name    string
	samples []sample
	want    []hold
}{
	{"never held", []sample{free(0, 1), free(ms, 1)}, nil},
	{"held all the time", []sample{{0, 7, reserved, 1}, {ms, 7, reserved, 1}},
		[]hold{{pid: 7, role: reserved, to: ms, looks: 2, changes: 1}}},
	{"released between", []sample{{0, 7, reserved, 1}, free(ms, 1), {2 * ms, 7, reserved, 1}},
		[]hold{{pid: 7, role: reserved, looks: 1, changes: 1},
			{pid: 7, role: reserved, from: 2 * ms, to: 2 * ms, looks: 1, changes: 1}}},
	{"another process", []sample{{0, 7, walWriter, 1}, {ms, 8, walWriter, 1}},
		[]hold{{pid: 7, role: walWriter, looks: 1, changes: 1},
			{pid: 8, role: walWriter, from: ms, to: ms, looks: 1, changes: 1}}},
	{"a commit in WAL mode", []sample{{0, 7, walWriter, 1}, {ms, 7, walWriter, 2}},
		[]hold{{pid: 7, role: walWriter, looks: 1, changes: 1},
			{pid: 7, role: walWriter, from: ms, to: ms, looks: 1, changes: 2}}},
	{"a commit of the hold itself", []sample{{0, 7, reserved, 1}, {ms, 7, exclusive, 2}},
		[]hold{{pid: 7, role: exclusive, to: ms, looks: 2, changes: 2, committed: true}}},
	{"begun again after a commit", []sample{{0, 7, exclusive, 1}, {ms, 7, reserved, 2}},
		[]hold{{pid: 7, role: exclusive, looks: 1, changes: 1},
			{pid: 7, role: reserved, from: ms, to: ms, looks: 1, changes: 2}}},
	{"two commits", []sample{{0, 7, exclusive, 1}, {ms, 7, exclusive, 2},
		{2 * ms, 7, exclusive, 3}},
		[]hold{{pid: 7, role: exclusive, to: ms, looks: 2, changes: 2, committed: true},
			{pid: 7, role: exclusive, from: 2 * ms, to: 2 * ms, looks: 1, changes: 3}}},
}

func TestHolds(t *testing.T) {
	for _, c := range holdCases {
		t.Run(c.name, func(t *testing.T) {
			var w watch
			for _, s := range c.samples {
				w.add(s)
			}
			diff := cmp.Diff(c.want, w.holds, cmp.AllowUnexported(hold{}))
			if diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if last := c.samples[len(c.samples)-1]; w.commits() != int(last.changes-1) ||
				w.looks != len(c.samples) || w.last != last.at {
				t.Errorf("%d commits in %d looks until %v", w.commits(), w.looks, w.last)
			}
		})
	}
}

func TestUsagesAreInOrderOfTheirTime(t *testing.T) {
	var w watch
	for i, pid := range []int{7, 8, 8, noProcess, 7, 8, noProcess, 8} {
		w.add(sample{at: time.Duration(i), pid: pid, role: reserved})
	}
	got := w.usages()
	want := []usage{
		{8, 4, 3, hold{pid: 8, role: reserved, from: 1, to: 2, looks: 2}},
		{7, 2, 2, hold{pid: 7, role: reserved, looks: 1}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(usage{}, hold{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if w.taken != 6 || w.share(w.taken) != 0.75 || w.maxGap != 1 {
		t.Errorf("%d looks of %d found it held, at most %v apart", w.taken, w.looks, w.maxGap)
	}
}
