package protocol

import "testing"

func TestTheNumberOfSockets(t *testing.T) {
	for text, want := range map[string]int{"1": 1, "5000": 5000, "0": 0, "-1": 0, "x": 0, "": 0} {
		t.Run(text, func(t *testing.T) {
			t.Setenv(SocketsVariable, text)
			got, err := countSockets()
			if got != want || (err == nil) != (want > 0) {
				t.Errorf("is %d, %v; want %d", got, err, want)
			}
		})
	}
}
