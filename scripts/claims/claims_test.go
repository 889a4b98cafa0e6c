package main

import (
	"bufio"
	"cmp"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"busybench/bench/format"
	"busybench/bench/pattern"
	"busybench/bench/scenario"
)

// committed is the directory with the snapshots.
var committed = filepath.Join("..", "..", "results")

func readAll(t *testing.T) claims {
	t.Helper()
	all, err := readClaims(claimsText)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheVerdictsFollowFromTheSnapshots(t *testing.T) {
	all := readAll(t)
	judged, err := all.judge(committed)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(committed, filepath.Base(resultFile)))
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != document(all, judged) {
		t.Errorf("%s is not what the snapshots say; make it again with: make claims", resultFile)
	}
}

func TestAClaimNamesItsSource(t *testing.T) {
	year := regexp.MustCompile(`^(20[012]\d|undated)$`)
	for _, c := range readAll(t).Claims {
		t.Run(c.ID, func(t *testing.T) {
			link, err := url.Parse(c.Link)
			if err != nil || !strings.HasPrefix(link.Scheme, "http") || link.Host == "" {
				t.Errorf("the link is %q, %v", c.Link, err)
			}
			if !year.MatchString(c.Year) {
				t.Errorf("the year is %q", c.Year)
			}
			if c.Title == "" || c.Author == "" || c.Says == "" || c.Setting == "" {
				t.Errorf("a text is missing: %+v", c)
			}
			if strings.Count(c.Says, `"`)%2 != 0 {
				t.Errorf("a quotation does not end: %s", c.Says)
			}
		})
	}
}

func TestIDsAndLabelsAreUnique(t *testing.T) {
	all, names := readAll(t), []string{}
	for _, c := range all.Claims {
		names = append(names, c.ID)
	}
	for _, s := range all.Sources {
		names = append(names, s.Label)
	}
	slices.Sort(names)
	if n := len(slices.Compact(slices.Clone(names))); n != len(names) {
		t.Errorf("some are not unique: %q", names)
	}
}

func TestTheCommandsAreValid(t *testing.T) {
	for _, s := range readAll(t).Sources {
		t.Run(s.Label, func(t *testing.T) {
			if _, err := bench.Read(s.setting); err != nil {
				t.Error(err)
			}
		})
	}
}

// The rows that the tests select exist, whether the snapshot has been made or not.
func TestTheCommandsMeasureWhatTheTestsNeed(t *testing.T) {
	all := readAll(t)
	for _, c := range all.Claims {
		for _, test := range c.Tests {
			s, _ := all.source(test.Label)
			const cold = "Open" // has defaults of its own
			if s.Settings["BENCH"] == cold {
				continue
			}
			t.Run(c.ID+"/"+test.String(), func(t *testing.T) {
				axes, err := scenario.Parse(s.Settings["AXES"])
				if err != nil {
					t.Fatal(err)
				}
				axes = axes.WithDefaults("conn=held").WithDefaults(scenario.Defaults)
				selected, err := pattern.Parse(cmp.Or(s.Settings["BENCH"], "."))
				if err != nil || !selected.MatchesSome(test.Benchmark) {
					t.Errorf("%s does not select %s, %v", s.Label, test.Benchmark, err)
				}
				for _, more := range [][]string{test.Condition.A, test.Condition.B} {
					words := slices.Concat(test.Axes, more)
					if n := countCases(axes, words); n != 1 {
						t.Errorf("%q selects %d rows of %s, not 1", words, n, s.Label)
					}
				}
			})
		}
	}
}

// countCases returns how many cases of axes have all words in their names or as their only value.
func countCases(axes scenario.Axes, words []string) (n int) {
	for _, c := range axes.Cases() {
		has := strings.Split(c.Name, "/")
		for _, s := range axes.Settings() {
			has = append(has, s.Key+"="+s.Value)
		}
		if len(without(words, has)) == 0 {
			n++
		}
	}
	return n
}

func TestASnapshotIsMadeByTheCommandOfItsClaims(t *testing.T) {
	for _, s := range readAll(t).Sources {
		file, err := os.Open(filepath.Join(committed, s.Label+".txt"))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		t.Run(s.Label, func(t *testing.T) {
			lines := bufio.NewScanner(file)
			lines.Scan()
			want, err := s.command()
			if err != nil || lines.Text() != "# "+want {
				t.Errorf("the snapshot begins with %s, the claims have %s, %v",
					format.InQuotes(lines.Text()), want, err)
			}
		})
	}
}

func TestEverySnapshotDecidesAClaim(t *testing.T) {
	all, needed := readAll(t), []string{}
	for _, c := range all.Claims {
		needed = append(needed, c.labels()...)
	}
	for _, s := range all.Sources {
		if !slices.Contains(needed, s.Label) {
			t.Errorf("no claim needs %s", s.Label)
		}
	}
}
