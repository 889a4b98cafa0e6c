package limit

import (
	"maps"
	"math"
	"slices"
)

// PredictionInterval returns the 99 % prediction interval for a repeated search: the limit that
// another search of the same system finds lies between low and high, both included, with a
// probability of 99 %, under these assumptions:
//
//  1. Errors occur independently, and their expected number in a burst of n is (n/scale)^shape.
//     So a burst fails with the probability 1 - exp(-(n/scale)^shape), a Weibull distribution.
//  2. Nothing is known of scale and shape in advance. The prior is uniform in their logarithms, on
//     a grid. That is the reference prior of log(scale) and 1/shape, which are the location and
//     the scale of log n (Fernández and Steel).
//  3. The likelihood of a pair of scale and shape is the product of the probabilities of all bursts
//     made. The rule that ended a probe does not change it.
//  4. Under one pair, the probability of each course of a search is the product of the
//     probabilities that its probes pass or fail. The sum over all courses that find the same
//     limit is the probability of that limit.
//  5. The average over all pairs, weighted with their likelihoods, is the predictive distribution
//     of the limit. low and high are its 0.5 % and 99.5 % quantiles.
//
// Sources: W. Weibull, "A Statistical Distribution Function of Wide Applicability", Journal of
// Applied Mechanics 18 (1951). C. Fernández and M. F. J. Steel, "Reference Priors for the General
// Location-Scale Model", Statistics & Probability Letters 43 (1999). A. Gelman et al., Bayesian
// Data Analysis, 3rd edition (2013), section 3.7: a posterior on a grid from trials that pass or
// fail.
func (r Result) PredictionInterval() (low, high int) {
	const outside = 0.01
	limits := map[int]float64{} // weight of all searches that find a limit
	total := 0.0
	for _, m := range r.models() {
		weight := math.Exp(m.logLikelihood(r.Probes))
		total += weight
		m.walkDoubling(r, weight, limits)
	}
	return quantile(limits, total*outside/2), quantile(limits, total*(1-outside/2))
}

// model is a pair of parameters of the probability that a burst fails.
type model struct{ logScale, shape float64 }

// models returns the grid. Scales range from below 1 to beyond the largest N that the search may
// try. Shapes range from 2, because an error needs two writers that meet and the number of pairs
// grows with the square of N, to 32, which is nearly a step from passing to failing.
func (r Result) models() (all []model) {
	const scales, shapes, minScale, minShape, maxShape = 60, 30, 0.5, 2.0, 32.0
	minLog, maxLog := math.Log(minScale), math.Log(16*float64(r.Max))
	for i := range scales {
		for j := range shapes {
			all = append(all, model{
				logScale: minLog + (maxLog-minLog)*float64(i)/(scales-1),
				shape:    minShape * math.Pow(maxShape/minShape, float64(j)/(shapes-1)),
			})
		}
	}
	return all
}

// expectedErrors returns the expected number of errors in a burst of n.
func (m model) expectedErrors(n int) float64 {
	return math.Exp(m.shape * (math.Log(float64(n)) - m.logScale))
}

// passProbability returns the probability that all bursts of n pass.
func (m model) passProbability(n, rounds int) float64 {
	return math.Exp(-float64(rounds) * m.expectedErrors(n))
}

func (m model) logLikelihood(probes []Probe) (sum float64) {
	for _, p := range probes {
		expected := m.expectedErrors(p.N)
		sum -= expected * float64(p.Rounds-p.Failures)
		if p.Failures > 0 {
			sum += float64(p.Failures) * math.Log(-math.Expm1(-expected))
		}
	}
	return sum
}

// walkDoubling follows every course that a search can take from its first probe, and adds the
// weight of each course to the limit that it finds.
func (m model) walkDoubling(r Result, weight float64, limits map[int]float64) {
	for passed, n := 0, 1; ; {
		pass := m.passProbability(n, r.Rounds)
		m.walkBisection(r, passed, n, weight*(1-pass), limits)
		if n == r.Max {
			limits[n] += weight * pass
			return
		}
		passed, n, weight = n, min(2*n, r.Max), weight*pass
	}
}

// walkBisection does the same from the point at which passed is the largest N that passed and
// failed is the smallest that failed.
func (m model) walkBisection(
	r Result, passed, failed int, weight float64, limits map[int]float64,
) {
	const negligible = 1e-300
	switch n := (passed + failed) / 2; {
	case weight < negligible:
	case converged(passed, failed):
		limits[passed] += weight
	default:
		pass := m.passProbability(n, r.Rounds)
		m.walkBisection(r, n, failed, weight*pass, limits)
		m.walkBisection(r, passed, n, weight*(1-pass), limits)
	}
}

// quantile returns the smallest limit at which the sum of all weights up to it reaches weight.
func quantile(limits map[int]float64, weight float64) int {
	sum, last := 0.0, 0
	for _, n := range slices.Sorted(maps.Keys(limits)) {
		last = n
		if sum += limits[n]; sum >= weight {
			break
		}
	}
	return last
}
