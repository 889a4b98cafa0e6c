package metrics

import (
	"time"

	"busybench/bench/outcome"
)

// reads collects the reads of all rounds.
type reads struct {
	all        int
	lockErrors int
	inTime     int     // that succeeded within the measured time
	latencies  []int64 // of every read, in ns
}

// add adds the reads of a round. A read that is under way at the end of the measured time counts,
// and so does its latency, but not in the rate.
func (c *reads) add(r outcome.Round) {
	end := r.End()
	for _, series := range r.Readers {
		for _, o := range r.CountedOf(outcome.Reader, series) {
			c.all++
			c.latencies = append(c.latencies, o.End-o.Start)
			if o.LockError() {
				c.lockErrors++
			} else if o.End <= end {
				c.inTime++
			}
		}
	}
}

func (c *reads) metrics(measured time.Duration) []Metric {
	return []Metric{
		{ReadsPerSecond, ratio(float64(c.inTime), measured.Seconds())},
		{ReadErrorPercent, ratio(100*float64(c.lockErrors), float64(c.all))},
		{ReadP50, float64(Quantile(c.latencies, 0.50))},
		{ReadP99, float64(Quantile(c.latencies, 0.99))},
		{ReadMax, float64(Quantile(c.latencies, 1))},
	}
}
