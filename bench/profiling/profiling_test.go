package profiling

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEachRecordingIsAFile(t *testing.T) {
	for name, dir := range map[string]string{
		"plain": "plain", "with glob characters": "work[1]*?",
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), dir)
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
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
				files, err := Files(dir, kind)
				if err != nil || len(files) != 2 ||
					!strings.HasPrefix(filepath.Base(files[0]), Writer+"-") {
					t.Errorf("%s profiles are %v, %v", kind, files, err)
				}
			}
			if all, _ := os.ReadDir(dir); len(all) != 6 {
				t.Errorf("%d files, want 6", len(all))
			}
		})
	}
}

func TestARecordingThatCannotBeWrittenIsAnError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	stop, err := StartCPU(dir, Parent)
	if err != nil {
		t.Fatal(err)
	}
	if err := stop(); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("the processor time: error is %v", err)
	}
	if err := StartWaits(dir, Parent)(); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("the waits: error is %v", err)
	}
	if _, err := Files(dir, CPU); err == nil {
		t.Error("the files: no error")
	}
}

func TestASecondRecordingAtOnceIsAnError(t *testing.T) {
	stop, err := StartCPU(t.TempDir(), Parent)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if _, err := StartCPU(t.TempDir(), Parent); err == nil {
		t.Error("no error")
	}
}
