package main

import (
	"testing"

	"busybench/scripts/internal/benchtest"
)

// The sample has two runs of a journal mode that loses nothing and of one that does.
func TestReport(t *testing.T) { benchtest.CheckReport(t, report) }
