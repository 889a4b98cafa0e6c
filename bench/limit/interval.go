package limit

import (
	"maps"
	"math"
	"slices"
)

// Again is where another search of the same system would end, 99 times out of 100 (a prediction
// interval): at least at low, at most at high writers.
//
// It supposes that a burst of N fails with the chance 1 - exp(-(N/scale)^shape), which is what it is where
// the expected number of errors in a burst grows with a power of N and they come independently. Scale and shape
// are not known. Every pair of a grid is weighted with the likelihood of the bursts that were made
// (so uniform priors for the logarithms of both), and the chances of all ways that a search can go are summed up under it.
func (r Result) PredictionInterval() (low, high int) {
	const outside = 0.01
	ends := map[int]float64{}
	total := 0.0
	for _, m := range r.models() {
		weight := math.Exp(m.logLikelihood(r.Probes))
		total += weight
		m.double(r, weight, ends)
	}
	return quantile(ends, total*outside/2), quantile(ends, total*(1-outside/2))
}

// model gives the chance that a burst fails.
type model struct{ logScale, shape float64 }

// The grid's ranges: scales from below 1 to beyond what was tried, shapes from the square of N, as an error takes two that
// meet, to a wall that all bursts beyond it hit.
func (r Result) models() (all []model) {
	const scales, shapes, flattest, steepest = 60, 30, 2.0, 32.0
	widest := math.Log(16 * float64(r.Max))
	for i := range scales {
		for j := range shapes {
			logScale := math.Log(0.5) + (widest-math.Log(0.5))*float64(i)/(scales-1)
			all = append(all, model{logScale, flattest * math.Pow(steepest/flattest, float64(j)/(shapes-1))})
		}
	}
	return all
}

// hazard is the expected number of errors in a burst of n.
func (m model) hazard(n int) float64 {
	return math.Exp(m.shape * (math.Log(float64(n)) - m.logScale))
}

// passes is the chance that all rounds of n pass.
func (m model) passes(n, rounds int) float64 { return math.Exp(-float64(rounds) * m.hazard(n)) }

func (m model) logLikelihood(probes []Probe) (sum float64) {
	for _, p := range probes {
		h := m.hazard(p.N)
		sum -= h * float64(p.Rounds-p.Failures)
		if p.Failures > 0 {
			sum += float64(p.Failures) * math.Log(-math.Expm1(-h))
		}
	}
	return sum
}

// double goes all ways of a search's doubling.
func (m model) double(r Result, weight float64, ends map[int]float64) {
	for below, n := 0, 1; ; {
		pass := m.passes(n, r.Rounds)
		m.bisect(r, below, n, weight*(1-pass), ends)
		if n == r.Max {
			ends[n] += weight * pass
			return
		}
		below, n, weight = n, min(2*n, r.Max), weight*pass
	}
}

// bisect goes all ways of a search's bisection, and adds the weight of each to where it ends.
func (m model) bisect(r Result, passed, failed int, weight float64, ends map[int]float64) {
	const negligible = 1e-300
	switch n := (passed + failed) / 2; {
	case weight < negligible:
	case converged(passed, failed):
		ends[passed] += weight
	default:
		pass := m.passes(n, r.Rounds)
		m.bisect(r, n, failed, weight*pass, ends)
		m.bisect(r, passed, n, weight*(1-pass), ends)
	}
}

// quantile is the smallest end up to which the ends weigh so much.
func quantile(ends map[int]float64, weight float64) int {
	sum, last := 0.0, 0
	for _, n := range slices.Sorted(maps.Keys(ends)) {
		last = n
		if sum += ends[n]; sum >= weight {
			break
		}
	}
	return last
}
