// Package snapshot reads result files for the scripts: benchmark results in Go's format
// (https://golang.org/design/14313-benchmark-format), with the axes in their names.
package snapshot

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"

	"busybench/bench/nearest"
	"busybench/bench/pattern"

	"busybench/bench/anatomy"
	"busybench/bench/others"
	"busybench/bench/scenario"
	"busybench/bench/statements"
)

// Snapshot is a result file.
type Snapshot struct {
	Path      string
	Command   string             // that makes it again, such as "make bench"; empty if unknown
	Results   []*benchfmt.Result // one for each result line, in the order of the file
	Units     benchfmt.UnitMetadataMap
	Revisions []string // the distinct revisions in "# revision" lines, such as "abc1234-dirty"
	Warnings  []string // the distinct texts of "# warning" lines
	Runs      []Run    // in the order of the file

	lockErrors   []anatomy.Report     // one for each benchmark with lock errors and each run
	others       []others.Comment     // on participants other than writers, of each run
	statements   []statements.Comment // on the statements of an SQL file, of each run
	lockRounds   []lockRounds         // one for each benchmark with lock errors and each run
	interleaving interleaving
}

// missing returns the error of a snapshot that does not exist. An interrupted run may have left a
// part of it.
func missing(path string) error {
	text := fmt.Sprintf("%s does not exist%s; make it with: make bench LABEL=%s",
		path, nearest.Question(Label(path), labels(filepath.Dir(path))), Label(path))
	if partial := Sibling(path, "partial.txt"); exists(partial) {
		text += fmt.Sprintf("; what an interrupted run measured is LABEL=%s", Label(partial))
	}
	return errors.New(text)
}

// labels returns the labels of the snapshots in a directory.
func labels(dir string) (names []string) {
	files, _ := filepath.Glob(filepath.Join(dir, "*.txt")) // the pattern is not malformed
	for _, path := range files {
		if name := Label(path); !strings.Contains(name, ".") { // not a report
			names = append(names, name)
		}
	}
	return names
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Read reads a snapshot. It fails if the file does not exist or has no benchmark results, if a
// line begins like a result but is not one, or if a value is not finite. Former names of units are
// read as their present names ([metrics.OldNames]).
func Read(path string) (*Snapshot, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(path)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return Parse(file, path)
}

// Parse is Read of a text that was the file at a path.
func Parse(text io.Reader, path string) (*Snapshot, error) {
	s := &Snapshot{Path: path}
	lines := newLineReader(text, path)
	reader := benchfmt.NewReader(lines, path)
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.Result:
			if err := checkFinite(record); err != nil {
				return nil, err
			}
			s.Results = append(s.Results, withoutNamedAxes(record.Clone()))
		case *benchfmt.SyntaxError:
			return nil, fmt.Errorf("%w; is this a result file of make bench?", record)
		}
	}
	if err := errors.Unwrap(reader.Err()); err != nil {
		return nil, err // it names the path; benchfmt would name a wrong line as well
	}
	if len(s.Results) == 0 {
		return nil, fmt.Errorf("%s holds no benchmark results; make it with: make bench LABEL=%s",
			path, Label(path))
	}
	s.Units, s.Revisions, s.Warnings = reader.Units(), lines.revisions, lines.warnings
	s.lockErrors, s.Runs = lines.comments.Reports, lines.runs
	s.others, s.statements = lines.others, lines.statements
	s.Command = lines.command
	s.lockRounds, s.interleaving = lines.rounds, lines.interleaving
	return s, nil
}

// checkFinite rejects a result with a value that is not finite. No benchmark here reports any.
func checkFinite(r *benchfmt.Result) error {
	for _, v := range r.Values {
		if math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
			name, line := r.Pos()
			return fmt.Errorf("%s:%d: %v %s is no measurement", name, line, v.Value, v.Unit)
		}
	}
	return nil
}

// withoutNamedAxes removes header lines of axes that stand in a result's name. They belong to a
// benchmark further up in the file: its lines stay in effect, and this one has printed none.
func withoutNamedAxes(r *benchfmt.Result) *benchfmt.Result {
	r.Config = slices.DeleteFunc(r.Config, func(c benchfmt.Config) bool {
		_, named := Axis(r, c.Key)
		return named
	})
	return r
}

// Select keeps the results whose names match a pattern in the syntax of go test -bench, such as
// "Burst" or "Burst/exec=process".
func (s *Snapshot) Select(bench string) error {
	p, err := pattern.Parse(bench)
	if err != nil {
		return fmt.Errorf("bad BENCH %q: %w", bench, err)
	}
	names := s.Benchmarks()
	s.Results = slices.DeleteFunc(s.Results, func(r *benchfmt.Result) bool {
		return !p.Matches(string(r.Name.Base()), NameParts(r)...)
	})
	if len(s.Results) == 0 {
		return fmt.Errorf("%s holds no benchmark that matches %q%s; it holds %s",
			s.Path, bench, nearest.Question(bench, names), strings.Join(names, ", "))
	}
	return nil
}

// Benchmarks returns the names of the benchmarks that have results, in the order of the file.
func (s *Snapshot) Benchmarks() (names []string) {
	for _, r := range s.Results {
		if name := string(r.Name.Base()); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Begun returns when the runs began, such as "2026-11-22T21:53:58Z", empty if unknown.
func (s *Snapshot) Begun() string { return s.interleaving.begun }

// RevisionLines returns a comment line for each revision, with a note at its end.
func (s *Snapshot) RevisionLines(note string) (lines string) {
	for _, revision := range s.Revisions {
		lines += fmt.Sprintf("%s%s%s\n", revisionPrefix, revision, note)
	}
	return lines
}

// NameParts returns the parts of a result's name after the benchmark, such as "exec=process",
// without the value of GOMAXPROCS at the end.
func NameParts(r *benchfmt.Result) (words []string) {
	_, parts := r.Name.Parts()
	for _, part := range parts {
		if word, ok := strings.CutPrefix(string(part), "/"); ok {
			words = append(words, word)
		}
	}
	return words
}

// Axis returns the value of an axis in a result's name.
func Axis(r *benchfmt.Result, axis string) (value string, ok bool) {
	for _, word := range NameParts(r) {
		if value, ok := strings.CutPrefix(word, axis+"="); ok {
			return value, true
		}
	}
	return "", false
}

// ExtraAxes returns the axes in a result's name that do not always stand there, such as
// "busy=none".
func ExtraAxes(r *benchfmt.Result) (extra []string) {
	for _, word := range NameParts(r) {
		if key, _, ok := strings.Cut(word, "="); ok && !slices.Contains(scenario.AlwaysNamed, key) {
			extra = append(extra, word)
		}
	}
	return extra
}

// Values returns the values that an axis has in the results' names, in the order of the file.
func (s *Snapshot) Values(axis string) (values []string) {
	for _, r := range s.Results {
		if value, ok := Axis(r, axis); ok && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	return values
}
