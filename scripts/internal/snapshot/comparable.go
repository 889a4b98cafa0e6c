package snapshot

import "fmt"

// Writing is the pattern of the benchmarks in which writers write undisturbed, which scripts show
// if no others are asked for.
const Writing = "^(Burst|Sustained)$"

// CheckSamples fails if results of the same name are under different header lines, or if a row has
// too few samples to be compared: fewer than [MinSamples].
func (s *Snapshot) CheckSamples() error {
	if err := s.CheckHeaders(); err != nil {
		return err
	}
	for _, row := range s.Rows() {
		if n := len(row.Results); n < MinSamples {
			return fmt.Errorf("%s has %d samples of %s; "+
				"comparing needs %d or more: make it again with COUNT=10",
				s.Path, n, row.Name, MinSamples)
		}
	}
	return nil
}

// Varied returns those of some axes that have more than one value in the results' names.
func (s *Snapshot) Varied(axes []string) (varied []string) {
	for _, axis := range axes {
		if len(s.Values(axis)) > 1 {
			varied = append(varied, axis)
		}
	}
	return varied
}
