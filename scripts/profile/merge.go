package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/pprof/profile"

	"busybench/bench/profiling"
	"busybench/scripts/internal/snapshot"
)

// processProfile is the profile of one process.
type processProfile struct {
	*profile.Profile
	role  string        // profiling.Writer or profiling.Parent
	total time.Duration // the sum of its samples
}

// load reads the profiles of one kind that all processes wrote to a directory.
func load(dir, kind string) (all []processProfile, err error) {
	paths, err := profiling.Files(dir, kind)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("the benchmarks wrote no %s profile", kind)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		p, err := profile.ParseData(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		role, _, _ := strings.Cut(filepath.Base(path), "-")
		one := processProfile{Profile: p, role: role}
		for _, sample := range p.Sample {
			one.total += time.Duration(sample.Value[1]) // the first value is a count, this is in ns
		}
		all = append(all, one)
	}
	return all, nil
}

// merge merges profiles and gives SQLite's functions their names.
func merge(all []processProfile) (*profile.Profile, error) {
	var profiles []*profile.Profile
	for _, p := range all {
		profiles = append(profiles, p.Profile)
	}
	merged, err := profile.Merge(profiles)
	if err != nil {
		return nil, err
	}
	for _, f := range merged.Function {
		f.Name = nameInC(f.Name)
	}
	return merged, nil
}

// nameInC returns a function's name in the C source of SQLite or of the C library. SQLite is
// translated from C to Go, which puts a package before each name, and a letter or an underscore.
func nameInC(name string) string {
	for from, to := range map[string]string{
		"modernc.org/sqlite/lib.": "sqlite.", "modernc.org/libc.": "libc.",
	} {
		if rest, ok := strings.CutPrefix(name, from); ok {
			if c, ok := strings.CutPrefix(rest, "_"); ok {
				return to + c
			}
			return to + strings.TrimPrefix(rest, "X")
		}
	}
	return name
}

// store writes a profile.
func store(ctx context.Context, path string, p *profile.Profile) error {
	var data strings.Builder
	if err := p.Write(&data); err != nil {
		return err
	}
	return snapshot.Store(ctx, snapshot.File{Path: path, Text: data.String()})
}
