package scenario

import "testing"

func TestMaxWaits(t *testing.T) {
	for _, c := range []struct {
		name, busy, want string
		others           []string
	}{
		{"the same", "5s", "10s: 5s each for connecting and the INSERT", []string{"conn=fresh"}},
		{"a timeout", "5s", "5s to 15s: 5s for each statement that may wait",
			[]string{"conn=held", "conn=fresh txn=immediate"}},
		{"the same time", "5s", "10s: 5s for each statement that may wait",
			[]string{"txn=exclusive"}},
		{"a queue", "queue:1s",
			"2s to 4s: 1s in the queue, then 1s for each statement that may wait",
			[]string{"conn=held", "txn=deferred"}},
		{"one deadline", "retry", "5s for everything together", []string{"txn=deferred"}},
		{"no end", "block", "no bound", []string{"txn=deferred"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var all []Scenario
			for _, other := range append([]string{""}, c.others...) {
				s, err := Single("busy="+c.busy+" "+other,
					"exec=process journal=delete writers=8 conn=fresh")
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, s)
			}
			if got := MaxWaits(all); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMaxWait(t *testing.T) {
	for _, c := range []struct{ axes, want string }{
		{"busy=5s", "10s: 5s each for connecting and the INSERT"},
		{"busy=5s conn=held", "5s: 5s for the INSERT"},
		{"busy=1s txn=immediate", "3s: 1s each for connecting, BEGIN and COMMIT"},
		{"busy=1s txn=immediate journal=wal", "2s: 1s each for connecting and BEGIN"},
		{"busy=1s txn=exclusive", "2s: 1s each for connecting and BEGIN"},
		{"busy=1s txn=deferred conn=held", "2s: 1s each for the INSERT and COMMIT"},
		{"busy=1s txn=upgrade conn=held", "2s: 1s each for the SELECT and COMMIT"},
		{"busy=retry", "5s for everything together"},
		{"busy=queue", "15s: 5s in the queue, then 5s each for connecting and the INSERT"},
		{"busy=none", "no wait"},
		{"busy=block", "no bound"},
	} {
		t.Run(c.axes, func(t *testing.T) {
			s, err := Single(c.axes, "exec=process journal=delete writers=8 conn=fresh")
			if err != nil {
				t.Fatal(err)
			}
			if got := s.MaxWait(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
