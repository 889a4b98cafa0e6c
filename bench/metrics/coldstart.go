package metrics

import "busybench/bench/outcome"

// coldStarts counts the lock errors of cold starts by step.
type coldStarts struct{ journal, schema, firstRead int }

func (c *coldStarts) add(o outcome.Outcome) {
	if !o.LockError() {
		return
	}
	switch o.Phase {
	case outcome.Journal:
		c.journal++
	case outcome.Schema:
		c.schema++
	case outcome.FirstRead:
		c.firstRead++
	}
}

func (c coldStarts) metrics(attempts int) []Metric {
	share := func(n int) float64 { return ratio(100*float64(n), float64(attempts)) }
	return []Metric{
		{JournalErrors, share(c.journal)},
		{SchemaErrors, share(c.schema)},
		{FirstReadErrors, share(c.firstRead)},
	}
}
