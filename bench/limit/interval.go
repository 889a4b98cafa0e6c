package limit

import "slices"

// PredictionInterval returns the 95 % prediction interval for a repeated search, from one or more
// searches with the same Max and Rounds: the limit that the next search of the same system finds
// lies between low and high, both included. Simulated pairs of searches hold it to that, in systems
// of the model below and of others: see TestNextSearchEndsWithinTheInterval.
//
//  1. A burst of n fails with the probability 1 - (1-floor) exp(-(n/scale)^shape): a Weibull
//     distribution above a floor of failures that occur whatever n.
//  2. Scale may drift: that of each search is the common one times exp(drift z), where z is a
//     standard normal variable.
//  3. Little is known in advance. The priors of scale and shape are uniform in their logarithms:
//     the reference prior of log(scale) and 1/shape, which are the location and the scale of log n
//     (Fernández and Steel). The floor is 0 with a probability of one half, and otherwise uniform
//     in its logarithm. The drift has a prior of four values. All of them are on a grid.
//  4. The likelihood of a search is the product of the probabilities of all bursts made. The rule
//     that ended a probe does not change it.
//  5. Under one set of parameters, the probability of each course of a search is the product of the
//     probabilities that its probes pass or fail. The sum over all courses that find the same
//     limit is the probability of that limit.
//  6. The average over all sets, weighted with their likelihoods, is the predictive distribution of
//     the limit. low and high are its 1 % and 99 % quantiles, because systems outside the model
//     need the margin, or the limits of the searches made if those lie outside.
//
// Few bursts cannot rule out rare failures, so the interval of one search often begins at 0 or 1.
// Further searches narrow it.
//
// Sources: W. Weibull, "A Statistical Distribution Function of Wide Applicability", Journal of
// Applied Mechanics 18 (1951). C. Fernández and M. F. J. Steel, "Reference Priors for the General
// Location-Scale Model", Statistics & Probability Letters 43 (1999). A. Gelman et al., Bayesian
// Data Analysis, 3rd edition (2013), section 3.7: a posterior on a grid from trials that pass or
// fail.
func PredictionInterval(searches []Result) (low, high int) {
	return newPredictor(searches[0].Max, searches[0].Rounds).interval(searches)
}

// interval computes the interval.
func (p *predictor) interval(searches []Result) (low, high int) {
	const tail = 0.01
	limits := p.predict(searches)
	low, high = p.quantile(limits, tail), p.quantile(limits, 1-tail)
	for _, r := range searches {
		low, high = min(low, r.Passed()), max(high, r.Passed())
	}
	return low, high
}

// predict returns the probability that the next search finds each of the sizes.
func (p *predictor) predict(searches []Result) []float64 {
	weights := p.posterior(searches)
	limits := make([]float64, len(p.sizes))
	negligible := 1e-7 * slices.Max(weights)
	total := 0.0
	for m, weight := range weights {
		if weight < negligible {
			continue
		}
		total += weight
		for i, probability := range p.limits[m] {
			limits[i] += weight * probability
		}
	}
	for i := range limits {
		limits[i] /= total
	}
	return limits
}

// quantile returns the smallest size at which the sum of all probabilities up to it reaches q.
func (p *predictor) quantile(limits []float64, q float64) int {
	sum := 0.0
	for i, probability := range limits {
		if sum += probability; sum >= q {
			return p.sizes[i]
		}
	}
	return p.max
}
