package main

import (
	"fmt"
	"slices"

	"busybench/bench/format"
	"busybench/bench/scenario"
)

// explanation says in four sentences why the largest case passes in the suite, by the figures of
// its rollback journal.
func (r results) explanation() []string {
	c := testCase{journals[0], slices.Max(writers)}
	return append(r.explainSuite(c), r.explainHere(c),
		"A test that starts its writers one by one depends on how fast processes start, and "+
			"cannot say how many writers the file takes at once; make limit measures that.")
}

// explainSuite says in two sentences how few writers meet in the suite.
func (r results) explainSuite(c testCase) []string {
	f, ok := r.suite[c]
	if !ok {
		return []string{
			"The suite starts one process after the other. If some inserts end before others " +
				"begin, fewer are in flight at once.",
			fmt.Sprintf("Then each waits for fewer others, and if none waits for %v, all %d pass.",
				scenario.DefaultTimeout, c.writers),
		}
	}
	met := fmt.Sprintf("At most %d were in flight at once, because some had ended before others "+
		"began", f.overlap)
	if f.overlap == c.writers {
		met = "All were in flight at once"
	}
	verdict := fmt.Sprintf("none of %s was refused: the suite passes",
		format.Count(f.attempts, "insert"))
	if f.refused > 0 {
		verdict = fmt.Sprintf("%s were refused: here the suite fails, too", f.refusals())
	}
	return []string{
		fmt.Sprintf("The suite starts one process after the other: with a rollback journal it "+
			"took %s until 99 %% of the %d had begun.", format.Seconds(f.begun), c.writers),
		fmt.Sprintf("%s. The longest insert took %s, and with a timeout of %v %s.", met,
			format.Seconds(f.longest), scenario.DefaultTimeout, verdict),
	}
}

// explainHere says in a sentence what changes when all are released at one instant.
func (r results) explainHere(c testCase) string {
	f, ok := r.here[c]
	if !ok {
		return fmt.Sprintf("Released at one instant, %d wait for each other: not measured here, "+
			"because the time was over.", c.writers)
	}
	text := fmt.Sprintf("Released at one instant, %d were in flight at once, the longest insert "+
		"took %s, and %s were refused as \"database is locked\"", f.overlap,
		format.Seconds(f.longest), f.refusals())
	if wal, ok := r.here[testCase{"wal", c.writers}]; ok {
		text += fmt.Sprintf(" (in WAL mode %s)", wal.refusals())
	}
	return text + "."
}
