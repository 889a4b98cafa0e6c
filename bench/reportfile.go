package bench

import (
	"fmt"
	"io"
	"os"

	"busybench/bench/scratch"
)

// reportFile is a file that a flag names. It is written under another name and renamed at the end,
// so an interrupted run neither leaves a partial file nor destroys the existing one. It does not
// use renameio, because the next run must find and remove what a killed run left. The zero
// reportFile, and one without a path, writes nothing.
type reportFile struct {
	path    string
	partial *os.File
	err     error // the first write error
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

// enabled reports whether there is a file to write.
func (f *reportFile) enabled() bool { return f.partial != nil }

// write calls do with the file to write to.
func (f *reportFile) write(do func(io.Writer) error) {
	if f.enabled() && f.err == nil {
		f.err = do(f.partial)
	}
}

// finish gives the file its name.
func (f *reportFile) finish() error {
	if f.partial == nil {
		return nil
	}
	if f.err == nil {
		f.err = f.partial.Chmod(0o644) // temporary files are readable only by their owner
	}
	if f.err == nil {
		f.err = f.partial.Sync()
	}
	if f.err == nil {
		f.err = os.Rename(f.partial.Name(), f.path)
	}
	if f.err == nil {
		f.err = f.partial.Close()
		f.partial = nil
	}
	return f.err
}

// remove removes a file that has not been finished. It may be called on a nil reportFile.
func (f *reportFile) remove() {
	if f != nil && f.partial != nil {
		os.Remove(f.partial.Name())
		f.partial.Close()
	}
}
