package snapshot

import (
	"slices"
	"testing"
)

const (
	bareResult = "BenchmarkX 1 2 ns/op\n"
	onMemory   = "the database files are on tmpfs, which is memory"
	shortRound = "a round of 1s is shorter than 3 busy timeouts of 5s"
)

func warningLine(text string) string { return "# warning: " + text + "\n" }

func TestDoubtsAreDistinct(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"none": {bareResult, nil},
		"in each run": {warningLine(onMemory) + bareResult + warningLine(onMemory),
			[]string{onMemory}},
		"two": {warningLine(shortRound) + bareResult + warningLine(onMemory),
			[]string{shortRound, onMemory}},
		"no warnings": {"# warnings\nwarning: x\n" + bareResult, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Doubts(readText(t, c.text)); !slices.Equal(got, c.want) {
				t.Errorf("are %q, want %q", got, c.want)
			}
		})
	}
}

func TestDisturbedRunsAreOneDoubt(t *testing.T) {
	const warning = "# warning: " + ofDisturbedRun
	s := readText(t, runText("# disturbed: steal=9.0%", warning+"the hypervisor took 9.0%")+
		runText("# disturbed: steal=8.0%", warning+"the hypervisor took 8.0%"))
	if got := Doubts(s, s); !slices.Equal(got, []string{s.DisturbedWarning()}) {
		t.Errorf("are %q", got)
	}
}

func TestADoubtOfOneSnapshotNamesIt(t *testing.T) {
	older := readText(t, warningLine(onMemory)+warningLine(shortRound)+bareResult)
	newer := readText(t, warningLine(onMemory)+bareResult)
	want := []string{onMemory, older.Path + ": " + shortRound}
	for name, got := range map[string][]string{
		"the older one": Doubts(older, newer), "the newer one": Doubts(newer, older),
	} {
		t.Run(name, func(t *testing.T) {
			if !slices.Equal(got, want) {
				t.Errorf("are %q, want %q", got, want)
			}
		})
	}
}
