package limit

import (
	"math"
	"slices"
)

// posterior returns the weight of each model for the next search.
func (p *predictor) posterior(searches []Result) []float64 {
	var likelihoods [][]float64
	for _, r := range searches {
		likelihoods = append(likelihoods, p.likelihood(r))
	}
	sum := make([]float64, len(p.models))
	for _, drift := range drifts {
		weights := make([]float64, len(p.models))
		for m := range weights {
			weights[m] = drift.prior * p.models[m].prior
		}
		// Each search drifts from the common scale, and so does the next one.
		for _, likelihood := range likelihoods {
			for m, l := range p.smooth(likelihood, drift.sd) {
				weights[m] *= l
			}
		}
		for m, weight := range p.smooth(weights, drift.sd) {
			sum[m] += weight
		}
	}
	return sum
}

// likelihood returns the likelihood of each model given one search, relative to the largest.
func (p *predictor) likelihood(r Result) []float64 {
	all := make([]float64, len(p.models))
	for _, probe := range r.Probes {
		size := p.index[probe.N]
		for m := range all {
			pass := p.passes[m][size]
			all[m] += pass * float64(probe.Rounds-probe.Failures)
			if probe.Failures > 0 {
				all[m] += float64(probe.Failures) * math.Log(-math.Expm1(pass))
			}
		}
	}
	largest := slices.Max(all)
	for m := range all {
		all[m] = math.Exp(all[m] - largest)
	}
	return all
}

// smooth spreads the weight of each model over those that differ in scale only, with a normal
// distribution of log(scale). No weight leaves the grid.
func (p *predictor) smooth(weights []float64, sd float64) []float64 {
	if sd == 0 {
		return weights
	}
	kernel := normalKernel(sd / p.scaleStep())
	negligible := 1e-9 * slices.Max(weights)
	smoothed := make([]float64, len(weights))
	for from, weight := range weights {
		if weight <= negligible {
			continue
		}
		first := from - from%scales
		begin := max(first, from-len(kernel)+1)
		end := min(first+scales, from+len(kernel))
		sum := 0.0
		for to := begin; to < end; to++ {
			sum += kernel[max(to-from, from-to)]
		}
		for to := begin; to < end; to++ {
			smoothed[to] += weight * kernel[max(to-from, from-to)] / sum
		}
	}
	return smoothed
}

// normalKernel returns the density of a normal distribution at 0, 1, ... up to four standard
// deviations, relative to that at 0.
func normalKernel(sd float64) (kernel []float64) {
	for x := 0.0; x <= math.Ceil(4*sd); x++ {
		kernel = append(kernel, math.Exp(-x*x/(2*sd*sd)))
	}
	return kernel
}
