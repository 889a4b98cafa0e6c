package main

import (
	"fmt"
	"time"

	"busybench/bench/anatomy"
	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// lockErrors explains the lock errors and the long waits of a row.
type lockErrors struct {
	Benchmark, Row, Summary string
	Kinds                   []kind
	LongWaits               string
	LongBlame               string
}

// kind is a kind of lock error: what was counted, whose lock it was meanwhile, and its cause and
// remedy.
type kind struct{ Count, Blame, Advice string }

// describeNone says why nothing is explained. Snapshots of older revisions do not have the kinds of
// their lock errors.
func describeNone(s *snapshot.Snapshot) string {
	for _, row := range s.Rows() {
		if row.Sum(metrics.LockErrors) > 0 {
			return "This snapshot does not say of which kind its lock errors were."
		}
	}
	return "No lock error was met."
}

// explain explains the rows of a section that have lock errors or long waits.
func explain(s *snapshot.Snapshot, section snapshot.Section) (all []lockErrors) {
	for _, row := range section.Rows {
		r := s.LockErrors(row)
		if len(r.Kinds) == 0 && r.LongWaits.Count == 0 {
			continue
		}
		e := lockErrors{Benchmark: row.Benchmark(), Row: nameRow(section, row)}
		if r.LockErrors > 0 {
			e.Summary = fmt.Sprintf("%s of %s attempts ended in a lock error",
				format.Number(float64(r.LockErrors)), format.Number(row.Sum(metrics.Attempts)))
		}
		for _, k := range r.Kinds {
			e.Kinds = append(e.Kinds, newKind(k))
		}
		if l := r.LongWaits; l.Count > 0 {
			e.LongWaits = fmt.Sprintf("%s acknowledged after over 1s of waiting (median %s, "+
				"max %s)", format.Count(l.Count, "attempt"), duration(l.Median), duration(l.Max))
			e.LongBlame = describe(l.Blame)
		}
		all = append(all, e)
	}
	return all
}

func newKind(k anatomy.Entry) kind {
	return kind{
		Count: fmt.Sprintf("%s × %s in %v, waited %s (median %s, max %s)",
			format.Number(float64(k.Count)), k.Name, k.Phase, k.Waited.Describe(),
			duration(k.Median), duration(k.Max)),
		Blame:  describe(k.Blame),
		Advice: k.Advice,
	}
}

// describe describes the blame, and returns nothing if a snapshot has none.
func describe(b anatomy.Blame) string {
	if b == (anatomy.Blame{}) {
		return ""
	}
	return b.String()
}

func duration(ns int64) string { return format.Duration(time.Duration(ns)) }

// others says what participants other than writers did in the rows of a section.
func others(s *snapshot.Snapshot, section snapshot.Section) (all []string) {
	for _, row := range section.Rows {
		for _, text := range s.Others(row) {
			all = append(all, row.Benchmark()+" "+nameRow(section, row)+": "+text)
		}
	}
	return all
}
