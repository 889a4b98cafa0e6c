package snapshot

import "strings"

// ofDisturbedRun begins the benchmarks' warning of one disturbed run.
const ofDisturbedRun = "do not compare this run: "

// Doubts returns sentences on what makes the figures of snapshots doubtful: the distinct warnings
// of their benchmarks, and the disturbed runs of each snapshot in one sentence.
func Doubts(snapshots ...*Snapshot) (sentences []string) {
	for _, s := range snapshots {
		for _, warning := range s.Warnings {
			if !strings.HasPrefix(warning, ofDisturbedRun) {
				sentences = appendDistinct(sentences, warning)
			}
		}
	}
	for _, s := range snapshots {
		if warning := s.DisturbedWarning(); warning != "" {
			sentences = appendDistinct(sentences, warning)
		}
	}
	return sentences
}
