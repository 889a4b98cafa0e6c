package bench

import (
	"busybench/bench/scratch"
	"fmt"
	"io"
	"os"
)

// reportFile is a file that a flag names. It is
// written beside and gets its name in the end, so that an interrupted run leaves neither half a
// file nor less than there was. The zero reportFile, and one without a path, writes nothing.
type reportFile struct {
	path    string
	partial *os.File
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
	if f.partial, err = scratch.CreatePartial(path); err != nil {
		return f, fmt.Errorf("%w; give a file in an existing directory that you may write to", err)
	}
	return f, nil
}

func (f *reportFile) wanted() bool { return f.partial != nil }

// write has something written into the file.
func (f *reportFile) write(do func(io.Writer) error) {
	if f.wanted() && f.err == nil {
		f.err = do(f.partial)
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

// remove removes what has not been finished. There may be no file at all.
func (f *reportFile) remove() {
	if f != nil && f.partial != nil {
		os.Remove(f.partial.Name())
	}
}
