package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"busybench/bench/anatomy"
)

// reportFile is the file that -anatomy names: a JSON object for each result, one a line. It is
// written beside and gets its name in the end, so that an interrupted run leaves neither half a
// file nor less than there was. The zero reportFile takes reports and writes nothing.
type reportFile struct {
	path    string
	partial *os.File
	encoder *json.Encoder
	err     error // the first that writing met
}

func createReportFile(path string) (*reportFile, error) {
	f := &reportFile{path: path}
	if path == "" {
		return f, nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return f, fmt.Errorf("%s is not a regular file; give a file to create or replace", path)
	}
	var err error
	if f.partial, err = os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".partial-"); err != nil {
		return f, fmt.Errorf("%w; give a file in an existing directory that you may write to", err)
	}
	f.encoder = json.NewEncoder(f.partial)
	f.encoder.SetEscapeHTML(false)
	return f, nil
}

func (f *reportFile) add(r anatomy.Report) {
	if f.partial != nil && f.err == nil {
		f.err = f.encoder.Encode(r)
	}
}

// finish gives the file its name.
func (f *reportFile) finish() error {
	if f.partial == nil {
		return nil
	}
	if f.err == nil {
		f.err = f.partial.Chmod(0o644) // a temporary file is its owner's alone
	}
	if f.err == nil {
		f.err = f.partial.Sync()
	}
	if f.err == nil {
		f.err = os.Rename(f.partial.Name(), f.path)
	}
	if f.err == nil {
		f.partial = nil
	}
	return f.err
}

// remove removes what has not been finished.
func (f *reportFile) remove() {
	if f.partial != nil {
		os.Remove(f.partial.Name())
	}
}
