package chart

import (
	"os/exec"
	"strings"
	"testing"
)

// Drawing, comparing text files and looking at locks must not need a database driver to be compiled
// and linked.
func TestNoDatabaseDriverIsLinked(t *testing.T) {
	for _, name := range []string{
		"busybench/scripts/plot",
		"busybench/scripts/compare",
		"busybench/scripts/export",
		"busybench/scripts/history",
		"busybench/scripts/report",
		"busybench/scripts/locks",
		"busybench/scripts/internal/chart",
		"busybench/bench/anatomy",
		"busybench/bench/metrics",
		"busybench/bench/outcome",
		"busybench/bench/timeline",
	} {
		t.Run(name, func(t *testing.T) {
			out, err := exec.Command("go", "list", "-deps", name).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			packages := strings.Fields(string(out))
			if packages[len(packages)-1] != name {
				t.Errorf("the list does not end with %s:\n%s", name, out)
			}
			const ours = "busybench/scripts/internal/sqlitefile" // reads bytes
			for _, p := range packages {
				if p == ours {
					continue
				}
				if strings.Contains(p, "sqlite") || strings.Contains(p, "modernc.org/") {
					t.Errorf("it links %s", p)
				}
			}
		})
	}
}
