// Package snapshot reads result files for the scripts: benchmark results in Go's format
// (https://golang.org/design/14313-benchmark-format), with the axes in their names.
package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// Dir is where snapshots live, seen from the top of the repository.
const Dir = "results"

// Snapshot is a result file.
type Snapshot struct {
	Path    string
	Results []*benchfmt.Result // one for each line, in the order of the file
	Units   benchfmt.UnitMetadataMap
}

var label = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// PathOf is the path of the snapshot with a label, such as "default". What looks like a path is
// taken as one.
func Path(name string) (string, error) {
	if strings.ContainsRune(name, filepath.Separator) || strings.HasSuffix(name, ".txt") {
		return name, nil
	}
	if !label.MatchString(name) {
		return "", fmt.Errorf("bad label %q; give letters, digits, dots, hyphens and underscores", name)
	}
	return filepath.Join(Dir, name+".txt"), nil
}

// LabelOf is the label of the snapshot at a path.
func Label(path string) string { return strings.TrimSuffix(filepath.Base(path), ".txt") }

// Read reads a snapshot. It is an error where the file is missing, is empty, has no benchmark
// results, or has lines that begin like a result and are none, or values that are no numbers.
func Read(path string) (*Snapshot, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s does not exist; make it with: make bench LABEL=%s", path, Label(path))
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	s := &Snapshot{Path: path}
	reader := benchfmt.NewReader(file, path)
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.Result:
			if err := finite(record); err != nil {
				return nil, err
			}
			s.Results = append(s.Results, record.Clone())
		case *benchfmt.SyntaxError:
			return nil, fmt.Errorf("%w; is this a result file of make bench?", record)
		}
	}
	if err := reader.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(s.Results) == 0 {
		return nil, fmt.Errorf("%s holds no benchmark results; make it with: make bench LABEL=%s", path, Label(path))
	}
	s.Units = reader.Units()
	return s, nil
}

// finite refuses a result with a value that is no measurement. No benchmark here reports any.
func finite(r *benchfmt.Result) error {
	for _, v := range r.Values {
		if math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
			name, line := r.Pos()
			return fmt.Errorf("%s:%d: %v %s is no measurement", name, line, v.Value, v.Unit)
		}
	}
	return nil
}

// Select keeps the results whose benchmark's name, such as "Burst", matches a regular expression.
func (s *Snapshot) Select(name string) error {
	pattern, err := regexp.Compile(name)
	if err != nil {
		return fmt.Errorf("bad BENCH %q: %w", name, err)
	}
	names := s.Benchmarks()
	s.Results = slices.DeleteFunc(s.Results, func(r *benchfmt.Result) bool {
		return !pattern.Match(r.Name.Base())
	})
	if len(s.Results) == 0 {
		return fmt.Errorf("%s holds no benchmark that matches %q; it holds %s", s.Path, name, strings.Join(names, ", "))
	}
	return nil
}

// Benchmarks are the names of the benchmarks that have results, in the order of the file.
func (s *Snapshot) Benchmarks() (names []string) {
	for _, r := range s.Results {
		if name := string(r.Name.Base()); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Words are the words of a result's name, such as "exec=process", without the GOMAXPROCS behind them.
func NameParts(r *benchfmt.Result) (words []string) {
	_, parts := r.Name.Parts()
	for _, part := range parts {
		if word, ok := strings.CutPrefix(string(part), "/"); ok {
			words = append(words, word)
		}
	}
	return words
}

// Axis is the value of an axis in a result's name.
func Axis(r *benchfmt.Result, axis string) (value string, ok bool) {
	for _, word := range NameParts(r) {
		if value, ok := strings.CutPrefix(word, axis+"="); ok {
			return value, true
		}
	}
	return "", false
}

// Others are the words of a result's name but for the three axes that always stand there, such as "busy=none".
func ExtraAxes(r *benchfmt.Result) (others []string) {
	for _, word := range NameParts(r) {
		if key, _, ok := strings.Cut(word, "="); ok && key != "journal" && key != "exec" && key != "writers" {
			others = append(others, word)
		}
	}
	return others
}

// Values are the values that an axis has in the results' names, in the order of the file.
func (s *Snapshot) Values(axis string) (values []string) {
	for _, r := range s.Results {
		if value, ok := Axis(r, axis); ok && !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	return values
}
