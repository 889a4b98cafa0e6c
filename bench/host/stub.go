package host

import "time"

// StallWatch stub.
type StallWatch struct{}

// StartStallWatch stub.
func StartStallWatch() *StallWatch { return &StallWatch{} }

// Stop stub.
func (w *StallWatch) Stop() time.Duration { return 0 }

// CheckProc stub.
func CheckProc() error { return nil }

// GoEnv stub.
func GoEnv() string { return "" }

// SyncFS stub.
func SyncFS(dir string) error { return Settle(dir) }

// FreeDisk stub.
func FreeDisk(dir string) (Capacity, error) { return Capacity{1 << 50, "x"}, nil }
