package limit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const head = "limit: 5 bursts each with up to 0 lock errors and any p99, up to 1,024 writers\n"

func TestReadSearches(t *testing.T) {
	found, err := ReadSearches(strings.NewReader("#   7 writers: 1 rounds, 0 failed; of nothing\n" +
		head +
		"# BenchmarkLimit/exec=process: limit 2 writers, 3 failed; another search\n" +
		"#   1 writers: 5 rounds, 0 failed; 0 lock errors in 5 attempts\n" +
		"#   2 writers: 5 rounds, 0 failed; 0 lock errors in 10 attempts\n" +
		"#   3 writers: 2 rounds, 1 failed; 1 lock errors in 6 attempts\n" +
		"#   cut short by -limit.time=9m\n" +
		"#   1,024 writers: 1 round, 1 failed; 1 lock error in 1,024 attempts\n" +
		"BenchmarkOther 1 7 ns/op\n" +
		"# BenchmarkLimit/exec=process: Not even 1 writer passes\n" +
		"#   1 writer: 1 round, 1 failed; 1 lock error in 1 attempt\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]Result{"BenchmarkLimit/exec=process": {
		{Max: 1024, Rounds: 5, CutShort: true,
			Probes: []Probe{{N: 1, Rounds: 5}, {N: 2, Rounds: 5}, {N: 3, Rounds: 2, Failures: 1},
				{N: 1024, Rounds: 1, Failures: 1}}},
		{Max: 1024, Rounds: 5, Probes: []Probe{{N: 1, Rounds: 1, Failures: 1}}},
	}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("searches (-want +got):\n%s", diff)
	}
}

func TestReadSearchesForARate(t *testing.T) {
	found, err := ReadSearches(strings.NewReader("limit: 5 rounds of 2s each with no lock errors " +
		"and any p99, up to 65,536 arrivals per second\n" +
		"# BenchmarkLimit/writers=8: 8 writers can take 1 arrival per second\n" +
		"#   1 arrival per second: 5 rounds, 0 failed; 0 lock errors in 5 attempts\n" +
		"#   2 arrivals per second: 1 round, 1 failed; 1 lock error in 2 attempts\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]Result{"BenchmarkLimit/writers=8": {{Max: 65536, Rounds: 5,
		Probes: []Probe{{N: 1, Rounds: 5}, {N: 2, Rounds: 1, Failures: 1}}}}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("searches (-want +got):\n%s", diff)
	}
}

func TestReadSearchesRejects(t *testing.T) {
	const name = "# BenchmarkLimit/exec=process: text\n"
	for _, c := range []struct{ name, in, want string }{
		{"a search without settings", name,
			`line 1: BenchmarkLimit/exec=process has no line "limit: `},
		{"no writers", "limit: 5 bursts each, up to 0 writers\n", "line 1: "},
		{"a number that no search tries", head + name + "#   7001 writers: 5 rounds, 0 failed; \n",
			"line 3: a search for up to 1024 writers does not try 7001"},
		{"more rounds than a probe has", head + name + "#   1 writer: 6 rounds, 0 failed; \n",
			"line 3: 6 rounds of 1, 0 failed; the search makes up to 5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := ReadSearches(strings.NewReader(c.in))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%v, error %v, want %s", found, err, c.want)
			}
		})
	}
}
