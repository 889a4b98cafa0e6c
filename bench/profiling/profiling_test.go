package profiling

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each recording is a file of its own, also where a process records twice.
func TestRecordingsAreFiles(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		stopCPU, err := StartCPU(dir, Writer)
		if err != nil {
			t.Fatal(err)
		}
		stopWaits := StartWaits(dir, Writer)
		for _, stop := range []func() error{stopCPU, stopWaits} {
			if err := stop(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, kind := range []string{CPU, Block, Mutex} {
		files, err := filepath.Glob(Pattern(dir, kind))
		if err != nil || len(files) != 2 || !strings.HasPrefix(filepath.Base(files[0]), Writer+"-") {
			t.Errorf("%s profiles are %v, %v", kind, files, err)
		}
	}
	if all, _ := os.ReadDir(dir); len(all) != 6 {
		t.Errorf("%d files, want 6", len(all))
	}
}

func TestARecordingThatCannotBeWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	stop, err := StartCPU(dir, Parent)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := StartCPU(dir, Parent); err == nil {
		t.Error("two recordings at once")
	}
	if err := stop(); err == nil {
		t.Error("written into a directory that is not there")
	}
	if err := StartWaits(dir, Parent)(); err == nil {
		t.Error("written into a directory that is not there")
	}
}
