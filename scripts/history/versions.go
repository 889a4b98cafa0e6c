package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"

	"busybench/scripts/internal/git"
	"busybench/scripts/internal/snapshot"
)

// history holds the versions of a snapshot, the oldest first.
type history struct {
	path     string
	versions []version
	skipped  []string // sentences on versions that are not shown
}

// version is a committed state of the snapshot.
type version struct {
	*snapshot.Snapshot
	revision string // that was measured, or if the snapshot does not say so, that it was stored by
	date     string // such as "2026-11-22"
}

// readHistory reads all committed versions of a snapshot. Of a version that was committed several
// times, it takes the last.
func readHistory(ctx context.Context, path string) (history, error) {
	h := history{path: path}
	dir, name := filepath.Dir(path), filepath.Base(path)
	if err := checkRepository(ctx, dir); err != nil {
		return h, err
	}
	commits, err := git.Output(ctx, dir, "log", "--topo-order", "--reverse",
		"--format=%h %cs", "--", name)
	if err != nil || commits == "" {
		return h, fmt.Errorf("no commit has %s; commit it, or give another LABEL", path)
	}
	for line := range strings.Lines(commits) {
		hash, date, _ := strings.Cut(strings.TrimSpace(line), " ")
		text, err := git.Output(ctx, dir, "show", hash+":./"+name)
		if err != nil {
			continue // this commit removed it
		}
		s, err := snapshot.Parse(strings.NewReader(text+"\n"), path)
		if err != nil {
			h.skipped = append(h.skipped, fmt.Sprintf("Not shown: %s of %s: %v.", hash, date, err))
			continue
		}
		h.add(newVersion(s, hash, date))
	}
	if len(h.versions) == 0 {
		return h, fmt.Errorf("no commit has a readable %s; commit it again", path)
	}
	if changes, err := git.Output(ctx, dir, "status", "--porcelain", "--", name); err == nil &&
		changes != "" {
		h.skipped = append(h.skipped,
			fmt.Sprintf("Not shown: %s has changes that are not committed.", path))
	}
	return h, ctx.Err()
}

// checkRepository returns an error of one line unless git has the whole history.
func checkRepository(ctx context.Context, dir string) error {
	shallow, err := git.Output(ctx, dir, "rev-parse", "--is-shallow-repository")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("git is not installed; the history is read from it")
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist", dir)
	case err != nil:
		return fmt.Errorf("%s is not in a git checkout (%s); the history is read from its commits",
			dir, git.Reason(err))
	case shallow == "true":
		return errors.New("this clone is shallow, so older versions are missing; " +
			"get them with: git fetch --unshallow")
	}
	return nil
}

func newVersion(s *snapshot.Snapshot, hash, date string) version {
	v := version{s, hash, date}
	if n := len(s.Revisions); n > 0 {
		v.revision = s.Revisions[n-1]
	}
	if begun, _, ok := strings.Cut(s.Begun(), "T"); ok {
		v.date = begun
	}
	return v
}

// add appends a version, in place of the last one if that is the same measurement.
func (h *history) add(v version) {
	if n := len(h.versions); n > 0 && v.Begun() != "" && v.Begun() == h.versions[n-1].Begun() {
		h.versions = h.versions[:n-1]
	}
	h.versions = append(h.versions, v)
}

// choose keeps the results whose names match a pattern. The last version must have some.
func (h *history) choose(bench string) error {
	last := len(h.versions) - 1
	if err := h.versions[last].Select(bench); err != nil {
		return err
	}
	kept := h.versions[:0]
	for i, v := range h.versions {
		if i == last || v.Select(bench) == nil { // or it has none that match
			kept = append(kept, v)
		}
	}
	h.versions = kept
	return nil
}

// units returns the units that UNITS names. The last version must have them.
func (h history) units(text string) ([]string, error) {
	last := h.versions[len(h.versions)-1].Snapshot
	selected, err := snapshot.ParseUnits(text, last)
	if err != nil {
		return nil, err
	}
	return selected.Of(last.AllUnits()), nil
}

// picturePath returns the path of the picture of a unit. It has the unit if there are several.
func (h history) picturePath(unit string, units []string) string {
	if len(units) == 1 {
		return snapshot.Sibling(h.path, "history.svg")
	}
	name := strings.NewReplacer("/", "-per-", "%", "percent").Replace(unit)
	return snapshot.Sibling(h.path, "history."+name+".svg")
}
