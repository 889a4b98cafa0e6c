package main

// verdict is what the snapshots say about a claim.
type verdict string

const (
	confirmed    verdict = "confirmed"
	refuted      verdict = "refuted"
	depends      verdict = "depends"
	undecided    verdict = "undecided"
	undecidable  verdict = "not decidable here"
	unmeasured   verdict = "not measured yet"
	partConfirms verdict = "confirmed in part"
	partRefutes  verdict = "refuted in part"
)

// verdicts lists all, in the order of the summary.
var verdicts = []verdict{
	confirmed, partConfirms, depends, partRefutes, refuted, undecided, undecidable, unmeasured,
}

// opposite returns the verdict on the opposite of a condition.
func (v verdict) opposite() verdict {
	switch v {
	case confirmed:
		return refuted
	case refuted:
		return confirmed
	}
	return v
}

// combine returns the verdict on a claim from those on its parts. It depends if one part is
// confirmed and another one is refuted. Parts that are undecided leave a part of a claim open.
func combine(findings []finding) verdict {
	n := map[verdict]int{}
	for _, f := range findings {
		n[f.Verdict]++
	}
	switch open := n[undecided]; {
	case n[confirmed] > 0 && n[refuted] > 0:
		return depends
	case open == len(findings):
		return undecided
	case open > 0 && n[confirmed] > 0:
		return partConfirms
	case open > 0:
		return partRefutes
	case n[confirmed] > 0:
		return confirmed
	}
	return refuted
}
