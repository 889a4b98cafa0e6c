package limit

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What BenchmarkLimit prints about a search: its settings, its name, its probes, and whether it was
// cut short. These beginnings of lines are the same in older result files.
var (
	nameLine  = regexp.MustCompile(`^# (BenchmarkLimit\S*): `)
	probeLine = regexp.MustCompile(`^#   ([\d,]{1,9}) (?:writers?|arrivals? per second): ` +
		`([\d,]{1,9}) rounds?, ([\d,]{1,9}) failed; `)
	cutLine = regexp.MustCompile(`^#   cut short by `)
)

const settingsPrefix = "limit: "

// ReadSearches returns the searches in a result file by the full names of their benchmarks, such as
// "BenchmarkLimit/exec=process/journal=wal". Their probes are in the order of N and have no
// attempts, errors and times.
func ReadSearches(in io.Reader) (map[string][]Result, error) {
	r := searchReader{found: map[string][]Result{}}
	lines := bufio.NewScanner(in)
	for number := 1; lines.Scan(); number++ {
		if err := r.add(lines.Text()); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return r.found, lines.Err()
}

type searchReader struct {
	settings Settings
	sizes    []int   // every N that a search with these settings can try
	last     *Result // points into found
	found    map[string][]Result
}

// add takes the next line. A line of another kind is ignored.
func (r *searchReader) add(line string) error {
	if text, ok := strings.CutPrefix(line, settingsPrefix); ok {
		if s, ok := ParseSettings(text); ok {
			return r.set(s, line)
		}
	}
	if m := nameLine.FindStringSubmatch(line); m != nil {
		if r.settings.Max == 0 {
			return fmt.Errorf(`%s has no line "limit: ..." above it`, m[1])
		}
		all := append(r.found[m[1]], Result{Max: r.settings.Max, Rounds: r.settings.Rounds})
		r.last, r.found[m[1]] = &all[len(all)-1], all
	}
	if m := probeLine.FindStringSubmatch(line); m != nil && r.last != nil {
		return r.addProbe(Probe{N: toInt(m[1]), Rounds: toInt(m[2]), Failures: toInt(m[3])})
	}
	if r.last != nil && cutLine.MatchString(line) {
		r.last.CutShort = true
	}
	return nil
}

func (r *searchReader) set(s Settings, line string) error {
	if s.Rounds == 0 || s.Max == 0 {
		return fmt.Errorf("%q; a search needs 1 or more of both", line)
	}
	r.settings, r.sizes = s, possibleSizes(s.Max)
	return nil
}

func (r *searchReader) addProbe(p Probe) error {
	if _, possible := slices.BinarySearch(r.sizes, p.N); !possible || p.N == 0 {
		return fmt.Errorf("a search for up to %d %s does not try %d",
			r.settings.Max, r.settings.Over.things(), p.N)
	}
	if p.Rounds < 1 || p.Rounds > r.settings.Rounds || p.Failures > p.Rounds {
		return fmt.Errorf("%d rounds of %d, %d failed; the search makes up to %d",
			p.Rounds, p.N, p.Failures, r.settings.Rounds)
	}
	r.last.Probes = append(r.last.Probes, p)
	return nil
}

// toInt converts the few digits that a pattern matched, and commas only to 0.
func toInt(digits string) int {
	n, _ := strconv.Atoi(strings.ReplaceAll(digits, ",", ""))
	return n
}
