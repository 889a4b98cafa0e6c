package scratch

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPartialFileOfAKilledRunIsRemovedAndThatOfALivingOneIsNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(path+".partial-123", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	living, err := CreatePartial(path)
	if err != nil {
		t.Fatal(err)
	}
	defer living.Close()
	next, err := CreatePartial(path)
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 2 {
		t.Errorf("there are %v, %v", files, err)
	}
	for _, file := range []*os.File{living, next} {
		if !IsAt(file.Name(), file) {
			t.Errorf("%s is gone", file.Name())
		}
	}
}

func TestPartialFileNeedsADirectoryThatExists(t *testing.T) {
	if _, err := CreatePartial("/nonexistent/report.json"); err == nil {
		t.Error("no error for a directory that does not exist")
	}
}

func TestPartialFilesOfOtherTypesAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	link, directory := path+".partial-1", path+".partial-2"
	if err := os.Symlink("elsewhere", link); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(directory, 0o700); err != nil {
		t.Fatal(err)
	}
	file, err := CreatePartial(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, kept := range []string{link, directory} {
		if _, err := os.Lstat(kept); err != nil {
			t.Errorf("%s is gone: %v", kept, err)
		}
	}
}
