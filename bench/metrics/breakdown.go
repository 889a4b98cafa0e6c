package metrics

import "busybench/bench/outcome"

// Breakdown lists the units of the shares of callers' time, in the order of an attempt.
var Breakdown = []string{
	OpenPercent, WaitPercent, BeginPercent, InsertPercent, CommitPercent, ClosePercent,
}

// breakdown is how callers spent their time, in ns. The parts add up to all of it.
type breakdown struct{ open, wait, begin, insert, commit, close int64 }

// add adds an attempt. Before the writer has the write lock, all time except what its outcome gives
// for connecting and for beginning the transaction is waiting. If it failed with the lock, it spent
// the rest in the phase in which it ended.
func (b *breakdown) add(o outcome.Outcome) {
	b.open += o.OpenDuration
	b.begin += o.BeginDuration
	before := o.End - o.Start - o.OpenDuration - o.BeginDuration
	if o.LockAcquired == 0 {
		b.wait += before
		return
	}
	commitStart := o.CommitStart
	if commitStart == 0 {
		commitStart = o.LockReleased
	}
	b.wait += before - (o.End - o.LockAcquired)
	b.insert += commitStart - o.LockAcquired
	b.commit += o.LockReleased - commitStart
	b.close += o.End - o.LockReleased
}

func (b *breakdown) metrics() (metrics []Metric) {
	parts := []int64{b.open, b.wait, b.begin, b.insert, b.commit, b.close}
	var all int64
	for _, part := range parts {
		all += part
	}
	for i, part := range parts {
		metrics = append(metrics, Metric{Breakdown[i], ratio(100*float64(part), float64(all))})
	}
	return metrics
}
