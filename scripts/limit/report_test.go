package main

import (
	"testing"

	"busybench/scripts/internal/benchtest"
)

// The sample has a limit from three searches, one above the largest number tried, one below 1, and
// one that is not monotone.
func TestReport(t *testing.T) { benchtest.CheckReport(t, report) }
