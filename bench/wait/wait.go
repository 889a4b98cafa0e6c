// Package wait lets a test wait for a condition.
package wait

import (
	"testing"
	"time"
)

// Until polls until the condition is true. The test fails if it is still false after a minute,
// which is far longer than any condition here takes on a busy machine.
func Until(t testing.TB, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited for a minute until %s", what)
		}
	}
}
