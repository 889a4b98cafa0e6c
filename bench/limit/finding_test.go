package limit

import "testing"

// newResult returns the result of a search that found a limit; failed 0 means that none failed.
func newResult(passed, failed int) Result {
	r := Result{Max: 1024, Rounds: 5, Probes: []Probe{{N: passed, Rounds: 5}}}
	if failed > 0 {
		r.Probes = append(r.Probes, Probe{N: failed, Rounds: 1, Failures: 1})
	}
	return r
}

func TestFindingIsThatOfTheMedianSearch(t *testing.T) {
	censored := newResult(1024, 0)
	for _, c := range []struct {
		name           string
		searches       []Result
		passed, failed int
	}{
		{"one of three is censored",
			[]Result{censored, newResult(512, 528), newResult(608, 624)}, 608, 624},
		{"two of three are censored",
			[]Result{censored, newResult(512, 528), censored}, 1024, 0},
		{"the lower one of two",
			[]Result{censored, newResult(512, 528)}, 512, 528},
		{"equal limits in the order of what failed",
			[]Result{newResult(512, 544), newResult(512, 528), newResult(512, 576)}, 512, 544},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := NewFinding(c.searches)
			if f.Passed != c.passed || f.Failed != c.failed || f.Searches != len(c.searches) {
				t.Errorf("%d of %d searches passed, %d failed; want %d and %d",
					f.Passed, f.Searches, f.Failed, c.passed, c.failed)
			}
		})
	}
}

func TestFindingCountsSearchesThatWereCutShort(t *testing.T) {
	short := newResult(256, 384)
	short.CutShort = true
	if f := NewFinding([]Result{short, newResult(512, 528), short}); f.CutShort != 2 {
		t.Errorf("%d searches were cut short, want 2", f.CutShort)
	}
}
