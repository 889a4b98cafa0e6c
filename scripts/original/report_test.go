package main

import (
	"strings"
	"testing"

	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// The sample has two runs of both methods. The second one of the suite's method was cut short.
func TestReport(t *testing.T) {
	o := original{python: "/usr/bin/python3"}
	benchtest.CheckReport(t, runner.SaveReport(o.report))
}

func TestReportWithoutTheSuitesMethod(t *testing.T) {
	for name, python := range map[string]bool{
		"without python3":           false,
		"with a python3 that fails": true,
	} {
		t.Run(name, func(t *testing.T) {
			s, err := snapshot.Read("testdata/sample.txt")
			if err == nil {
				err = s.Select("Burst")
			}
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if err := writeReport(&out, s, python); err != nil {
				t.Fatal(err)
			}
			benchtest.RequireWidth(t, out.String())
			golden.Check(t, strings.ReplaceAll(name, " ", "-")+".golden", out.String())
		})
	}
}

func TestExplanation(t *testing.T) {
	c := testCase{"delete", 500}
	passing := figures{attempts: 1000, overlap: 256, begun: 1.1, longest: 2.28}
	refusing := figures{attempts: 500, refused: 22, overlap: 261, begun: 1.97, longest: 6.28}
	together := figures{attempts: 500, overlap: 500, begun: 4, longest: 4.5}
	for _, test := range []struct {
		name        string
		suite, here map[testCase]figures
		want        string
	}{
		{"the suite passes", map[testCase]figures{c: passing}, map[testCase]figures{c: refusing},
			"none of 1,000 inserts was refused: the suite passes. Released at one instant, 261 " +
				"were in flight at once, the longest insert took 6.28s, and 22 of 500 were " +
				"refused"},
		{"the suite fails", map[testCase]figures{c: refusing}, map[testCase]figures{c: together},
			"with a timeout of 5s 22 of 500 were refused: here the suite fails, too."},
		{"all inserts of the suite meet", map[testCase]figures{c: together}, nil,
			"All were in flight at once. The longest insert took 4.5s"},
		{"no time for our method", map[testCase]figures{c: passing}, nil,
			"not measured here, because the time was over."},
	} {
		t.Run(test.name, func(t *testing.T) {
			sentences := results{suite: test.suite, here: test.here, python: true}.explanation()
			if len(sentences) != 4 {
				t.Errorf("%d sentences: %q", len(sentences), sentences)
			}
			if text := strings.Join(sentences, " "); !strings.Contains(text, test.want) {
				t.Errorf("explains\n%s\nwant\n%s", text, test.want)
			}
		})
	}
}
