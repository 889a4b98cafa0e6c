package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"busybench/bench/format"
	"busybench/bench/limit"
	"busybench/bench/scenario"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// report is stored beside the snapshot.
var report = runner.SaveReport(
	func(_ context.Context, out io.Writer, output runner.Output) error {
		return writeReport(out, output.Snapshot)
	})

// writeReport writes a sentence for each combination of settings, in the order of the snapshot, and
// how long an attempt may wait under each busy policy.
func writeReport(out io.Writer, s *snapshot.Snapshot) error {
	searches, err := readSearches(s)
	if err != nil {
		return err
	}
	settings, _ := limit.ParseSettings(s.Results[0].GetConfig("limit"))
	text := paragraph(introduce(settings.Over, s.Results[0].GetConfig("limit")), "") + "\n"
	var scenarios []scenario.Scenario
	for _, row := range s.Rows() {
		found := searches[row.CommentName()]
		if len(found) == 0 {
			continue
		}
		axes := strings.Join(snapshot.NameParts(row.Results[0]), " ")
		text += format.Wrap(axes, format.Columns, "", "  ") + "\n" +
			paragraph(describe(limit.NewFinding(found), settings, row), "    ")
		s, err := row.Scenario()
		if err != nil {
			return err
		}
		scenarios = append(scenarios, s)
	}
	_, err = io.WriteString(out, text+"\n"+describeWaits(scenarios))
	return err
}

// introduce says what the report answers, when an N passes, and how sure the answers are.
func introduce(over limit.Over, settings string) string {
	text := "How many writers can write at once? A number passes with " + settings + "."
	if over == limit.Rate {
		text = "How many arrivals per second can writers take? A rate passes with " + settings +
			", if writers begin 99 % of the arrivals before their round is over."
	}
	return text + " The limit of a repeated search lies within the prediction interval 19 times " +
		"out of 20, even if any " + over.Trial() + " may fail now and then, or if the limit " +
		"drifts by 30 %. COUNT=10 narrows the interval."
}

// describe says what the searches of a row found.
func describe(f limit.Finding, settings limit.Settings, row snapshot.Row) string {
	if settings.Over == limit.Writers {
		return limit.Sentence(f)
	}
	writers, _ := strconv.Atoi(row.Value("writers")) // every name of such a row has it
	return limit.RateSentence(f, writers, settings.Criteria)
}

// paragraph wraps a text, each line with an indent.
func paragraph(text, indent string) string {
	return format.Wrap(text, format.Columns, indent, indent) + "\n"
}

// readSearches returns the searches of each row of BenchmarkLimit by the row's name in comments.
func readSearches(s *snapshot.Snapshot) (map[string][]limit.Result, error) {
	if err := s.CheckHeaders(); err != nil {
		return nil, err
	}
	file, err := os.Open(s.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	searches, err := limit.ReadSearches(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Path, err)
	}
	for _, row := range s.Rows() {
		name := row.CommentName()
		if row.Benchmark() == "Limit" && len(searches[name]) != len(row.Results) {
			return nil, fmt.Errorf("%s has %s of %s, but comments on %d; run make limit again",
				s.Path, format.Count(len(row.Results), "result"), name, len(searches[name]))
		}
	}
	return searches, nil
}

// describeWaits says how long an attempt may wait for locks, in a line or more for each policy.
func describeWaits(scenarios []scenario.Scenario) string {
	var waits []string // distinct
	for _, s := range scenarios {
		wait := format.Wrap(s.MaxWait(), format.Columns, fmt.Sprintf("    busy=%-8v ", s.Busy),
			strings.Repeat(" ", 18)) + "\n"
		if !slices.Contains(waits, wait) {
			waits = append(waits, wait)
		}
	}
	return snapshot.MaxWaitIntro + "\n" + strings.Join(waits, "")
}
