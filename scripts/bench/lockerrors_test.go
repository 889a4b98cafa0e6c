package main

import (
	"strings"
	"testing"
)

func TestAShareIsNotBroken(t *testing.T) {
	for length := 1; length < 20; length++ {
		name := "BenchmarkX/txn=" + strings.Repeat("x", length)
		s := read(t, name+"-2 1 10 rounds 80 attempts 40 lockerrs 1 lockerr-rounds "+
			"50 lockerr-writers-%\n# "+name+": 40 of 80 attempts ended in a lock error\n"+
			"#   40 x SQLITE_BUSY in insert, waited 0 (median 1s, max 2s): wait\n")
		var out strings.Builder
		if err := writeLockErrors(&out, s, s.Rows(), []string{"txn"}); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if !strings.Contains(text, "39 %") || strings.Contains(text, "\n  %") {
			t.Errorf("printed %s", text)
		}
	}
}

// Of a burst, the writers' share is that of the attempts, which is in the table.
func TestDescribeRounds(t *testing.T) {
	const counts = "1 10 rounds 80 attempts 4 lockerrs 1 lockerr-rounds "
	for name, c := range map[string]struct {
		results []string
		want    string
	}{
		"a burst": {[]string{"50 lockerr-writers-% 5e9 last-ack-ns", "6e9 last-ack-ns"},
			"; in 2 of 20 rounds (at most 28 %); last row after 5.5s"},
		"cold starts": {[]string{"30 lockerr-writers-% 5e9 last-ack-ns 20 journalerr-%"},
			"; in 1 of 10 rounds (at most 39 %); last start after 5s"},
		"a burst without acknowledgements": {[]string{"100 lockerr-writers-% 0 last-ack-ns"},
			"; in 1 of 10 rounds (at most 39 %)"},
		"every round": {[]string{"9 lockerr-rounds 60 lockerr-writers-%"},
			"; in every round; 60 % of the writers"},
		"sustained rounds": {
			[]string{"0 lockerr-writers-%", "0 lockerr-writers-%", "60 lockerr-writers-%"},
			"; in 3 of 30 rounds (at most 24 %); 20 % of the writers"},
	} {
		t.Run(name, func(t *testing.T) {
			var text strings.Builder
			for _, result := range c.results {
				text.WriteString("BenchmarkX-2 " + counts + result + "\n")
			}
			if got := describeRounds(read(t, text.String()).Rows()[0]); got != c.want {
				t.Errorf("is %q, want %q", got, c.want)
			}
		})
	}
}
