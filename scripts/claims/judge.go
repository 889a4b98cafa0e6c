package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"busybench/scripts/internal/snapshot"
)

// finding is what a snapshot says about a test.
type finding struct {
	Test    test
	Verdict verdict
	Figure  string // with its interval
}

// judgement is what the snapshots say about a claim.
type judgement struct {
	Claim    claim
	Findings []finding
	Missing  []string // labels of snapshots that do not exist
	Verdict  verdict
}

// judge judges all claims by the snapshots of a directory.
func (c claims) judge(dir string) (all []judgement, err error) {
	snapshots, err := c.read(dir)
	if err != nil {
		return nil, err
	}
	for _, claim := range c.Claims {
		j, err := claim.judge(snapshots)
		if err != nil {
			return nil, fmt.Errorf("claim %s: %w", claim.ID, err)
		}
		all = append(all, j)
	}
	return all, nil
}

// read reads those snapshots that exist.
func (c claims) read(dir string) (all map[string]*snapshot.Snapshot, err error) {
	all = map[string]*snapshot.Snapshot{}
	for _, s := range c.Sources {
		path := filepath.Join(dir, s.Label+".txt")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if all[s.Label], err = snapshot.Read(path); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// judge judges a claim by the snapshots that exist. All of its tests are decided, or none: a part
// of them may say the opposite of the whole.
func (c claim) judge(snapshots map[string]*snapshot.Snapshot) (j judgement, err error) {
	j.Claim = c
	for _, label := range c.labels() {
		if snapshots[label] == nil {
			j.Missing = append(j.Missing, label)
		}
	}
	switch {
	case len(c.Tests) == 0:
		j.Verdict = undecidable
		return j, nil
	case len(j.Missing) > 0:
		j.Verdict = unmeasured
		return j, nil
	}
	for _, t := range c.Tests {
		f, err := t.judge(snapshots[t.Label])
		if err != nil {
			return j, fmt.Errorf("%s: %w", t.Label, err)
		}
		j.Findings = append(j.Findings, f)
	}
	j.Verdict = combine(j.Findings)
	return j, nil
}

// judge evaluates the condition of a test.
func (t test) judge(s *snapshot.Snapshot) (f finding, err error) {
	f.Test = t
	switch c := t.Condition; c.Kind {
	case ratioKind, fewerKind:
		a, err := t.row(s, c.A)
		if err != nil {
			return f, err
		}
		b, err := t.row(s, c.B)
		if err != nil {
			return f, err
		}
		if c.Kind == ratioKind {
			f.Verdict, f.Figure = c.judgeRatio(s, a, b)
		} else {
			f.Verdict, f.Figure = judgeFewer(s, a, b)
		}
	default:
		row, err := t.row(s, nil)
		if err != nil {
			return f, err
		}
		f.Verdict, f.Figure = c.judgeRow(s, row)
	}
	return f, nil
}

// row returns the only row of a test's benchmark that its axes and further words select.
func (t test) row(s *snapshot.Snapshot, more []string) (found snapshot.Row, err error) {
	words, n := append(t.Axes[:len(t.Axes):len(t.Axes)], more...), 0
	for _, row := range s.Rows() {
		if row.Benchmark() == t.Benchmark && matches(row, words) {
			found = row
			n++
		}
	}
	if n != 1 {
		return found, fmt.Errorf("%d rows of %s match %q, not 1", n, t.Benchmark,
			strings.Join(words, " "))
	}
	return found, nil
}

func matches(row snapshot.Row, words []string) bool {
	for _, word := range words {
		axis, value, _ := strings.Cut(word, "=")
		if row.Value(axis) != value {
			return false
		}
	}
	return true
}

// judgeRatio compares the interval of a ratio with the bound. One that lock errors bias, or that
// cannot be computed, decides nothing.
func (c condition) judgeRatio(s *snapshot.Snapshot, a, b snapshot.Row) (verdict, string) {
	r, ok := snapshot.PairedRatio(s.Pairs(a, s, b, c.Unit))
	biased := snapshot.IsBiased(a, b, c.Unit, r, ok)
	switch {
	case !ok:
		return undecided, "no ratio: a run has 0, or there are fewer than 6 runs"
	case biased:
		return undecided, snapshot.Mark(r.Ratio.String(), true)
	}
	return c.Bound.judge(r.Low, r.High), r.Ratio.String()
}

// judgeRow compares a figure of a row with the bound.
func (c condition) judgeRow(s *snapshot.Snapshot, row snapshot.Row) (verdict, string) {
	switch c.Kind {
	case shareKind:
		return newLockErrors(s, row).judgeShare(c.Bound)
	case anyKind:
		return newLockErrors(s, row).judgeAny()
	case noneKind:
		v, figure := newLockErrors(s, row).judgeAny()
		return v.opposite(), figure
	}
	samples := row.Samples(c.Unit)
	if len(samples) == 0 {
		return undecided, "not reported"
	}
	i := snapshot.Summary(samples)
	text := func(v float64) string { return snapshot.FormatValue(c.Unit, v) }
	if len(samples) < snapshot.MinSamples {
		return undecided, text(i.Center) + ", fewer than 6 runs"
	}
	return c.Bound.judge(i.Lo, i.Hi),
		fmt.Sprintf("%s [%s, %s]", text(i.Center), text(i.Lo), text(i.Hi))
}

// judge compares an interval with the bound: it confirms if all of the interval is within, and
// refutes if none of it is.
func (b bound) judge(low, high float64) verdict {
	switch {
	case low > b.Low && high < b.High:
		return confirmed
	case high <= b.Low || low >= b.High:
		return refuted
	}
	return undecided
}
