package runner

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"busybench/bench/format"
	"busybench/scripts/internal/snapshot"
)

// side is a test binary and the snapshot that its runs make. There is one, or with AB two.
type side struct {
	Settings
	name    string // "old" or "new", empty without AB
	other   string // label of the other side's snapshot, empty without AB
	binary  string
	partial *partialFile
	run     runFunc
}

// sideNames are the ends of the labels of the two snapshots that AB makes.
var sideNames = []string{"old", "new"}

// sides returns the sides with the binaries of AB, or one without a binary.
func (s Settings) sides() []side {
	if len(s.binaries) == 0 {
		return []side{{Settings: s}}
	}
	var sides []side
	for i, name := range sideNames {
		own := s
		own.path = sidePath(s.path, name)
		sides = append(sides, side{Settings: own, name: name, binary: s.binaries[i],
			other: snapshot.Label(sidePath(s.path, sideNames[1-i]))})
	}
	return sides
}

// sidePath returns the path of a side's snapshot, such as results/mine-old.txt.
func sidePath(path, name string) string {
	return strings.TrimSuffix(path, ".txt") + "-" + name + ".txt"
}

// open opens the partial file, and rejects a label whose report could not be stored.
func (s *side) open() (err error) {
	if s.partial, err = s.openPartial(); err != nil {
		return err
	}
	if err := s.checkFiles(); err != nil {
		s.partial.close()
		return err
	}
	return nil
}

// header begins the snapshot.
func (s *side) header(begun, revision string) {
	s.partial.header("# %s", s.command)
	s.partial.header("%s%s", snapshot.BegunPrefix, begun)
	if s.name == "" {
		s.partial.header("# revision %s", revision)
		return
	}
	s.partial.header("%s%s", snapshot.InterleavedPrefix, s.other)
	s.partial.header("# binary %s", s.binary)
}

// check lets the binary check its flags. One of AB may be any file.
func (s *side) check(ctx context.Context, scratch string) error {
	if s.name == "" {
		return s.checkFlags(ctx, s.binary, s.args(scratch, 1))
	}
	if err := checkBinary(ctx, s.binary); err != nil {
		return err
	}
	if err := s.checkFlags(ctx, s.binary, s.args(scratch, 1)); err != nil {
		return fmt.Errorf("%w (by %s of AB)", err, s.binary)
	}
	return nil
}

// runner returns the function that makes the runs.
func (s *side) runner(scratch string) runFunc {
	return func(ctx context.Context, number int, step Step, out io.Writer) error {
		if step.Run != nil {
			return step.Run(ctx, out)
		}
		return s.runOnce(ctx, s.binary, append(s.args(scratch, number), step.Args...), out)
	}
}

// finish replaces the snapshots with the partial files, all or none.
func finish(sides []side) (snaps []*snapshot.Snapshot, err error) {
	for _, side := range sides {
		snap, err := side.partial.check()
		if err != nil {
			return nil, err
		}
		snap.Path = side.path
		snaps = append(snaps, snap)
	}
	for _, side := range sides {
		if err := os.Rename(side.partial.path, side.partial.target); err != nil {
			return nil, err
		}
	}
	return snaps, nil
}

// partialPaths lists the partial files that have a result.
func partialPaths(sides []side) string {
	var paths []string
	for _, side := range sides {
		if side.partial.begun {
			paths = append(paths, side.partial.path)
		}
	}
	return strings.Join(paths, " and ")
}

// parseBinaries reads AB: the paths of two files that can be executed. They may be the same file,
// which shows how large a difference can be by chance.
func parseBinaries(text string) (binaries []string, err error) {
	words := strings.Fields(text)
	if len(words) != 2 {
		return nil, fmt.Errorf("AB=%q has %s; give two binaries of go test -c, "+
			"such as AB='/tmp/old /tmp/new'", text, format.Count(len(words), "path"))
	}
	for _, word := range words {
		info, err := os.Stat(word)
		switch {
		case os.IsNotExist(err):
			return nil, fmt.Errorf("AB: %s does not exist; make it in its checkout with: "+
				"go test -c -o %s ./bench", word, word)
		case err != nil:
			return nil, fmt.Errorf("AB: %w", err)
		case !info.Mode().IsRegular() || info.Mode()&0o111 == 0:
			return nil, notBinary(word)
		}
		path, err := filepath.Abs(word)
		if err != nil {
			return nil, fmt.Errorf("AB: %w", err)
		}
		binaries = append(binaries, path)
	}
	return binaries, nil
}

func notBinary(path string) error {
	return fmt.Errorf("AB: %s is not a binary of these benchmarks; make one with: "+
		"go test -c -o NAME ./bench", path)
}
