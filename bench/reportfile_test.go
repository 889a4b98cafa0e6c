package bench

import (
	"os"
	"path/filepath"
	"testing"

	"busybench/bench/anatomy"
)

func TestReportFileIsReplacedOnlyWhenFinished(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anatomy.json")
	if err := os.WriteFile(path, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	requireContent := func(want string) {
		t.Helper()
		if text, err := os.ReadFile(path); err != nil || string(text) != want {
			t.Errorf("the file holds %q, %v, want %q", text, err, want)
		}
	}
	interrupted, err := createReportFile(path)
	if err != nil {
		t.Fatal(err)
	}
	interrupted.write(anatomy.Report{Benchmark: "x"}.WriteJSON)
	interrupted.remove()
	requireContent("before")

	whole, err := createReportFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole.write(anatomy.Report{Benchmark: "y", Kinds: []anatomy.Entry{}}.WriteJSON)
	if err := whole.finish(); err != nil {
		t.Fatal(err)
	}
	whole.remove()
	requireContent(`{"benchmark":"y","role":"writer","attempts":0,"lockerrs":0,"kinds":[]}` + "\n")
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}
