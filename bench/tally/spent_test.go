package tally

import (
	"testing"

	"busybench/bench/writer"
)

// Each part of an attempt goes where it belongs, and nothing is left over.
func TestSpent(t *testing.T) {
	for _, c := range []struct {
		what string
		o    writer.Outcome
		want spent
	}{
		{"connects, then waits", writer.Outcome{Start: 100, Open: 10, Asked: 110, Got: 150, In: 153, LetGo: 170, End: 175},
			spent{open: 10, wait: 40, insert: 3, commit: 17, close: 5}},
		{"waits in a queue, then connects", writer.Outcome{Start: 100, Asked: 100, Open: 10, Got: 150, In: 153, LetGo: 170, End: 175},
			spent{open: 10, wait: 40, insert: 3, commit: 17, close: 5}},
		{"begins, and reads", writer.Outcome{Start: 100, Begin: 20, Asked: 120, Got: 150, In: 160, LetGo: 170, End: 170},
			spent{begin: 20, wait: 30, insert: 10, commit: 10}},
		{"never gets it", writer.Outcome{Start: 100, Open: 10, Asked: 110, End: 200, Code: busy},
			spent{open: 10, wait: 90}},
		{"gets it, and fails to insert", writer.Outcome{Start: 100, Asked: 100, Got: 120, LetGo: 130, End: 140, Code: busy},
			spent{wait: 20, insert: 10, close: 10}},
		{"gets it, and fails to commit", writer.Outcome{Start: 100, Asked: 100, Got: 120, In: 121, LetGo: 130, End: 130, Code: busy},
			spent{wait: 20, insert: 1, commit: 9}},
	} {
		var got spent
		if got.add(c.o); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
		sum := 0.0
		for _, f := range got.figures() {
			sum += f.Value
		}
		if sum < 100-1e-9 || sum > 100+1e-9 {
			t.Errorf("%s: the shares add up to %v", c.what, sum)
		}
	}
}
