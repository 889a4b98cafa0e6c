package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/pprof/profile"
	"github.com/google/renameio/v2"

	"busybench/bench/profiling"
	"busybench/scripts/internal/snapshot"
)

// merge merges the profiles of one kind that all processes have left in a directory, gives SQLite's functions their names,
// and writes the result beside the snapshot.
func merge(dir, kind, snapshotPath string) (path string, err error) {
	files, err := filepath.Glob(profiling.Pattern(dir, kind))
	if err != nil {
		return "", err
	}
	if len(files) == 0 {
		return "", fmt.Errorf("the benchmarks have left no %s profile", kind)
	}
	all := filepath.Join(dir, "all."+kind)
	if _, err := pprof(append([]string{"-proto", "-output", all}, files...)...); err != nil {
		return "", err
	}
	p, err := load(all)
	if err != nil {
		return "", err
	}
	for _, f := range p.Function {
		f.Name = readable(f.Name)
	}
	path = snapshot.Sibling(snapshotPath, kind+".pb.gz")
	return path, store(path, p)
}

// readable is the name of a function as SQLite's and the C library's authors know it. SQLite is translated from C
// to Go here, which puts a package before each name and a letter or underscore at its head.
func readable(name string) string {
	for from, to := range map[string]string{"modernc.org/sqlite/lib.": "sqlite.", "modernc.org/libc.": "libc."} {
		if rest, ok := strings.CutPrefix(name, from); ok {
			if c, ok := strings.CutPrefix(rest, "_"); ok {
				return to + c
			}
			return to + strings.TrimPrefix(rest, "X")
		}
	}
	return name
}

func load(path string) (*profile.Profile, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return profile.Parse(file)
}

// store writes a profile whole or not at all.
func store(path string, p *profile.Profile) error {
	var text strings.Builder
	if err := p.Write(&text); err != nil {
		return err
	}
	return renameio.WriteFile(path, []byte(text.String()), 0o644)
}
