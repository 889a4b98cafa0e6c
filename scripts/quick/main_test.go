package main

import (
	"testing"

	"busybench/scripts/internal/benchtest"
)

func TestMain(m *testing.M) { benchtest.Main(m) }
