package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"busybench/bench/profiling"
)

// writeProcesses writes how much processor time was sampled in the writer processes and in their parent.
func writeProcesses(out io.Writer, dir string) error {
	files, err := filepath.Glob(profiling.Pattern(dir, profiling.CPU))
	if err != nil {
		return err
	}
	var writers int
	var ofWriters, ofParent time.Duration
	for _, file := range files {
		p, err := load(file)
		if err != nil {
			return err
		}
		var sampled time.Duration
		for _, sample := range p.Sample {
			sampled += time.Duration(sample.Value[1]) // the first value counts samples, the second is in ns
		}
		if strings.HasPrefix(filepath.Base(file), profiling.Writer) {
			writers++
			ofWriters += sampled
		} else {
			ofParent += sampled
		}
	}
	_, err = fmt.Fprintf(out, "\nProcessor time from start to end, by 100 samples for each second of it: %v in %d writer processes, %v in their parent.\n",
		ofWriters, writers, ofParent)
	return err
}
