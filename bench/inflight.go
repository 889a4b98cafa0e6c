package bench

import (
	"github.com/google/uuid"

	"busybench/bench/outcome"
	"busybench/bench/writer"
)

// inFlightRows returns the rows of the attempt that was in flight when each writer was killed.
// Rows follow from the seed.
func inFlightRows(r outcome.Round, seed uint64, batch int) (inFlight [][]uuid.UUID) {
	for number, w := range r.Writers {
		ids := writer.NewIDs(seed, number)
		for range len(w.Outcomes) * batch {
			ids.Next()
		}
		last := make([]uuid.UUID, batch)
		for i := range last {
			last[i] = ids.Next()
		}
		inFlight = append(inFlight, last)
	}
	return inFlight
}
