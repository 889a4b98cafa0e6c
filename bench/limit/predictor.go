package limit

import (
	"math"
	"slices"
)

// predictor holds what the search's settings alone decide: the grid of models, and what a search
// does under each of them.
type predictor struct {
	max, rounds int
	sizes       []int       // every N that a search can try, and 0, ascending
	index       map[int]int // of a size
	models      []model     // groups of models that differ in scale only, scales ascending
	passes      [][]float64 // by model and size: logarithm of the probability that a burst passes
	limits      [][]float64 // by model and size: probability that a search finds this limit
}

// model is a set of parameters of the probability that a burst fails.
type model struct {
	logScale, shape, floor float64
	prior                  float64
}

// The grid. Scales range from minScale to beyond the largest N, which is a system that never fails.
// A shape of 1 is a hazard that grows with N, as that of slow disks does; 2 one that grows with the
// number of pairs of writers; and 32 is nearly a step from passing to failing.
const (
	scales   = 60
	minScale = 0.5

	shapes             = 13
	minShape, maxShape = 0.5, 32.0

	floors             = 6 // except 0
	minFloor, maxFloor = 0.002, 0.3
	zeroFloor          = 0.5 // prior probability of no floor
)

// drifts are the standard deviations of the logarithm of the scale between searches, with their
// prior probabilities.
var drifts = []struct{ sd, prior float64 }{{0, 0.4}, {0.15, 0.2}, {0.3, 0.2}, {0.45, 0.2}}

func newPredictor(maximum, rounds int) *predictor {
	p := &predictor{max: maximum, rounds: rounds, index: map[int]int{}}
	p.sizes = possibleSizes(maximum)
	for i, n := range p.sizes {
		p.index[n] = i
	}
	for _, shape := range logSpaced(minShape, maxShape, shapes) {
		p.addScales(shape, 0, zeroFloor)
		for _, floor := range logSpaced(minFloor, maxFloor, floors) {
			p.addScales(shape, floor, (1-zeroFloor)/floors)
		}
	}
	return p
}

// logSpaced returns n numbers from low to high with a constant ratio.
func logSpaced(low, high float64, n int) (all []float64) {
	for i := range n {
		all = append(all, low*math.Pow(high/low, float64(i)/float64(n-1)))
	}
	return all
}

func (p *predictor) maxScale() float64 { return 16 * float64(p.max) }

// scaleStep is the difference of the logarithms of neighboring scales.
func (p *predictor) scaleStep() float64 { return math.Log(p.maxScale()/minScale) / (scales - 1) }

// addScales adds a group of models.
func (p *predictor) addScales(shape, floor, prior float64) {
	for _, scale := range logSpaced(minScale, p.maxScale(), scales) {
		m := model{logScale: math.Log(scale), shape: shape, floor: floor, prior: prior}
		passes := make([]float64, len(p.sizes))
		for i, n := range p.sizes {
			passes[i] = m.logPass(n)
		}
		p.models = append(p.models, m)
		p.passes = append(p.passes, passes)
		p.limits = append(p.limits, p.walkDoubling(passes))
	}
}

// logPass returns the logarithm of the probability that a burst of n passes.
func (m model) logPass(n int) float64 {
	if n == 0 {
		return 0
	}
	return math.Log1p(-m.floor) - math.Exp(m.shape*(math.Log(float64(n))-m.logScale))
}

// possibleSizes returns 0 and every N that a search up to a maximum can try, ascending.
func possibleSizes(maximum int) []int {
	sizes := []int{0}
	var bisect func(passed, failed int)
	bisect = func(passed, failed int) {
		if n := (passed + failed) / 2; !converged(passed, failed) {
			sizes = append(sizes, n)
			bisect(passed, n)
			bisect(n, failed)
		}
	}
	for passed, n := 0, 1; ; passed, n = n, min(2*n, maximum) {
		sizes = append(sizes, n)
		bisect(passed, n)
		if n == maximum {
			slices.Sort(sizes)
			return slices.Compact(sizes)
		}
	}
}

// walkDoubling follows every course that a search can take from its first probe, and returns the
// probability of each limit. It needs the logarithms of the probabilities that a burst passes.
func (p *predictor) walkDoubling(passes []float64) (limits []float64) {
	limits = make([]float64, len(p.sizes))
	reached := 1.0 // probability that the search gets this far
	for passed, n := 0, 1; ; passed, n = n, min(2*n, p.max) {
		pass := p.passProbability(passes, n)
		p.walkBisection(passes, passed, n, reached*(1-pass), limits)
		reached *= pass
		if n == p.max {
			limits[p.index[n]] += reached
			return limits
		}
	}
}

// walkBisection does the same from the point at which passed is the largest N that passed and
// failed is the smallest that failed.
func (p *predictor) walkBisection(
	passes []float64, passed, failed int, reached float64, limits []float64,
) {
	const negligible = 1e-12
	switch n := (passed + failed) / 2; {
	case reached < negligible:
	case converged(passed, failed):
		limits[p.index[passed]] += reached
	default:
		pass := p.passProbability(passes, n)
		p.walkBisection(passes, n, failed, reached*pass, limits)
		p.walkBisection(passes, passed, n, reached*(1-pass), limits)
	}
}

// passProbability returns the probability that all bursts of n pass.
func (p *predictor) passProbability(passes []float64, n int) float64 {
	return math.Exp(float64(p.rounds) * passes[p.index[n]])
}
