package snapshot

import (
	"fmt"
	"strings"

	"busybench/bench/metrics"
	"busybench/bench/scenario"
)

// MaxWaitIntro begins a list of how long attempts may wait.
const MaxWaitIntro = "Before it ends in a lock error, an attempt waits for locks for up to:"

// MaxWaitNote returns a paragraph on what bounds the longest wait of scenarios under each busy
// policy. It is empty if all have the same: their waits differ for other reasons.
func MaxWaitNote(scenarios []scenario.Scenario) string {
	var policies []scenario.Busy
	of := map[scenario.Busy][]scenario.Scenario{}
	for _, s := range scenarios {
		if of[s.Busy] == nil {
			policies = append(policies, s.Busy)
		}
		of[s.Busy] = append(of[s.Busy], s)
	}
	if len(policies) < 2 {
		return ""
	}
	var parts []string
	for _, policy := range policies {
		total, why, ok := strings.Cut(scenario.MaxWaits(of[policy]), ": ")
		part := fmt.Sprintf("%s with busy=%v", total, policy)
		if ok {
			part += " (" + why + ")"
		}
		parts = append(parts, part)
	}
	return MaxWaitIntro + " " + strings.Join(parts, "; ") + "."
}

// Scenarios returns the scenarios of those rows that have attempts. Rows whose axes are unknown
// here, as those of newer or damaged snapshots, have none.
func Scenarios(rows []Row) (all []scenario.Scenario) {
	for _, row := range rows {
		if s, err := row.Scenario(); err == nil && row.Sum(metrics.Attempts) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// Scenario returns the scenario of a row. A search chooses the number of writers itself, and older
// snapshots do not say when a writer connects.
func (r Row) Scenario() (scenario.Scenario, error) {
	var words []string
	for _, axis := range scenario.Names() {
		if value := r.Value(axis); value != "" {
			words = append(words, axis+"="+value)
		}
	}
	return scenario.Single(strings.Join(words, " "), "writers=1 conn=fresh")
}
