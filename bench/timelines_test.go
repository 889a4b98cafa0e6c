package bench

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"busybench/bench/timeline"
)

// The trace has one round of each result, with all writers and the end of each attempt.
func TestTimelineOfEachResult(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "trace.json")
	output(t, command(dir, "-test.bench", "Burst|Sustained|Ceiling", "-test.benchtime", "2x",
		"-round", "20ms", "-timeline", file,
		"-axes", "exec=process,goroutine journal=delete writers=3 busy=queue:30s"))
	requireEmpty(t, dir)
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	all, err := timeline.ReadTrace(in)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, one := range all {
		names = append(names, one.Name)
		if len(one.Writers) != 3 || one.Length <= 0 || len(one.Lock) == 0 {
			t.Errorf("%s: %d writers, %d ns, lock %v",
				one.Name, len(one.Writers), one.Length, one.Lock)
		}
		for number, w := range one.Writers {
			if len(w.Ends) == 0 || w.Ends[0].Kind != timeline.Acknowledged {
				t.Errorf("%s: writer %d ended %v", one.Name, number, w.Ends)
			}
		}
	}
	const axes = "/journal=delete/writers=3/busy=queue:30s"
	want := []string{
		"Burst/exec=process" + axes, "Burst/exec=goroutine" + axes,
		"Sustained/exec=process" + axes, "Sustained/exec=goroutine" + axes,
	}
	if !slices.Equal(names, want) {
		t.Errorf("timelines are of %v, want %v", names, want)
	}
}

func TestTimelineName(t *testing.T) {
	s := scenarioFor(t, "exec=process journal=wal writers=1 busy=queue:60s")
	for name, want := range map[string]string{
		"BenchmarkBurst/exec=process":                "Burst/exec=process/busy=queue:1m0s",
		"BenchmarkBurst/exec=process/busy=queue:60s": "Burst/exec=process/busy=queue:60s",
	} {
		t.Run(name, func(t *testing.T) {
			if got := timelineName(name, s); got != want {
				t.Errorf("the timeline is named %s, want %s", got, want)
			}
		})
	}
}
