package snapshot

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"
)

func TestSplitAxes(t *testing.T) {
	row := func(name, busy string) Row {
		r := &benchfmt.Result{Name: benchfmt.Name(name)}
		r.SetConfig("busy", busy)
		return Row{Name: name, Results: []*benchfmt.Result{r}}
	}
	varied, fixed := SplitAxes([]Row{
		row("Burst/exec=process/journal=wal/writers=8-2", "5s"),
		row("Burst/exec=process/journal=wal/writers=64-2", "5s"),
		row("Ceiling/exec=process/writers=1-2", "5s"),
	})
	if diff := cmp.Diff([]string{"journal", "writers"}, varied); diff != "" {
		t.Errorf("axes that vary (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"exec=process", "busy=5s"}, fixed); diff != "" {
		t.Errorf("fixed axes (-want +got):\n%s", diff)
	}
}
