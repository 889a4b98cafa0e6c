package snapshot

import (
	"strings"
	"testing"
)

func TestMaxWaitNote(t *testing.T) {
	for name, c := range map[string]struct {
		rows []string
		want string
	}{
		"busy varies": {
			[]string{"Burst/busy=5s", "Burst/busy=retry", "Burst/busy=5s/sync=off",
				"Sustained/busy=5s/conn=held"},
			"5s to 10s with busy=5s (5s for each statement that may wait); " +
				"5s for everything together with busy=retry.",
		},
		"sync varies":    {[]string{"Burst/busy=5s/sync=off", "Burst/busy=5s/sync=full"}, ""},
		"no rows":        {nil, ""},
		"unknown policy": {[]string{"Burst/busy=5s", "Burst/busy=later"}, ""},
		"no attempts":    {[]string{"Burst/busy=5s", "Threads/busy=queue"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := bareResult
			for _, row := range c.rows {
				unit := "attempts"
				if strings.HasPrefix(row, "Threads") {
					unit = "threads"
				}
				benchmark, axes, _ := strings.Cut(row, "/")
				text += "Benchmark" + benchmark + "/exec=process/journal=delete/writers=8/" +
					axes + "-2 1 8 " + unit + "\n"
			}
			want := c.want
			if want != "" {
				want = MaxWaitIntro + " " + want
			}
			if got := MaxWaitNote(Scenarios(readText(t, text).Rows())); got != want {
				t.Errorf("is %q, want %q", got, want)
			}
		})
	}
}
