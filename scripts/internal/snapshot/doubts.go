package snapshot

import (
	"slices"
	"strings"

	"busybench/bench/format"
)

// Warning returns a doubt as it is printed.
func Warning(doubt string) string { return "Warning: " + doubt + "." }

// WarningLines returns doubts as lines for a terminal.
func WarningLines(doubts []string) (lines string) {
	for _, doubt := range doubts {
		lines += format.Wrap(Warning(doubt), format.Columns, "", "  ") + "\n"
	}
	return lines
}

// ofDisturbedRun begins the benchmarks' warning of one disturbed run.
const ofDisturbedRun = "do not compare this run: "

// Doubts returns sentences on what makes the figures of snapshots doubtful: the distinct warnings
// of their benchmarks, and the disturbed runs of each snapshot in one sentence. A warning that not
// all of them have names its snapshot.
func Doubts(snapshots ...*Snapshot) (sentences []string) {
	for _, s := range snapshots {
		for _, warning := range s.Warnings {
			if strings.HasPrefix(warning, ofDisturbedRun) {
				continue
			}
			if !allHave(snapshots, warning) {
				warning = s.Path + ": " + warning
			}
			sentences = appendDistinct(sentences, warning)
		}
	}
	for _, s := range snapshots {
		if warning := s.DisturbedWarning(); warning != "" {
			sentences = appendDistinct(sentences, warning)
		}
	}
	return sentences
}

func allHave(snapshots []*Snapshot, warning string) bool {
	return !slices.ContainsFunc(snapshots, func(s *Snapshot) bool {
		return !slices.Contains(s.Warnings, warning)
	})
}
