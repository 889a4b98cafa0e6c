package bench

import (
	"testing"

	"busybench/bench/outcome"
)

// BenchmarkOpen asks what happens when programs start at once: each opens the file, sets the
// journal mode, creates the table if it is missing, and reads. Every round begins with a fresh copy
// of the same file.
func BenchmarkOpen(b *testing.B) {
	runMatrix(b, env, openAxes(env.axesOf("Open")), outcome.ColdStart)
}
