package main

import (
	"testing"

	"busybench/scripts/internal/benchtest"
)

// The sample has two runs of settings that lose nothing, the newest rows, and the file.
func TestReport(t *testing.T) { benchtest.CheckReport(t, report) }
