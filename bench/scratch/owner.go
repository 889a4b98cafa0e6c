package scratch

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"busybench/bench/host"
)

// ownerFile is the file in a work directory that identifies the process that made it, as JSON.
const ownerFile = ".owner"

func writeOwner(dir string) error {
	self, err := host.ThisProcess()
	if err != nil {
		return err
	}
	text, err := json.Marshal(self)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, ownerFile), append(text, '\n'), 0o600)
}

func readOwner(dir string) (owner host.Process, err error) {
	path := filepath.Join(dir, ownerFile)
	info, err := os.Lstat(path)
	if err != nil {
		return owner, err
	}
	if !info.Mode().IsRegular() {
		return owner, fmt.Errorf("%s is not a regular file", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return owner, err
	}
	if err := json.Unmarshal(text, &owner); err != nil || owner.PID <= 0 {
		return owner, fmt.Errorf("%s does not identify a process: %q", path, text)
	}
	return owner, nil
}

// removeIfOwnerEnded removes a directory that a run made whose process is not known to run.
func removeIfOwnerEnded(dir string) error {
	owner, err := readOwner(dir)
	if err != nil || owner.IsRunning() {
		return err
	}
	return removeOwned(dir)
}

// removeOwned removes a directory, its owner file last, after it has unmounted what is mounted in
// it. If the removal is interrupted, the next run can finish it.
func removeOwned(dir string) error {
	if err := unmountBelow(dir); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if e.Name() != ownerFile {
			errs = append(errs, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
