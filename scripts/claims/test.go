package main

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// test is a condition on rows of a snapshot. In the text it stands as
//
//	LABEL BENCHMARK AXIS=VALUE...: CONDITION
//
// A list of values, as in writers=8,64, stands for a test of each.
type test struct {
	Label     string
	Benchmark string
	Axes      []string // words such as "writers=8", which select the rows
	Condition condition
}

// parseTest parses a test, or several if axes have lists of values.
func parseTest(text string) (tests []test, err error) {
	selection, rest, ok := strings.Cut(text, ": ")
	words := strings.Fields(selection)
	if !ok || len(words) < 2 {
		return nil, errors.New("not of the form LABEL BENCHMARK AXIS=VALUE...: CONDITION")
	}
	condition, err := parseCondition(rest)
	if err != nil {
		return nil, err
	}
	for _, axes := range combinations(words[2:]) {
		tests = append(tests, test{words[0], words[1], axes, condition})
	}
	return tests, nil
}

// combinations returns the words with each of the values of lists, the last list varying fastest.
func combinations(words []string) [][]string {
	all := [][]string{nil}
	for _, word := range words {
		var next [][]string
		axis, list, _ := strings.Cut(word, "=")
		for _, before := range all {
			for value := range strings.SplitSeq(list, ",") {
				next = append(next, append(before[:len(before):len(before)], axis+"="+value))
			}
		}
		all = next
	}
	return all
}

// words returns what tells a test from others of its claim.
func (t test) words() []string {
	words := append([]string{t.Benchmark}, t.Axes...)
	return append(words, t.Condition.words()...)
}

// common returns the words that all tests have, in the order of the first.
func common(tests []test) (words []string) {
	if len(tests) == 0 {
		return nil
	}
	for _, word := range tests[0].words() {
		lacks := func(t test) bool { return !slices.Contains(t.words(), word) }
		if !slices.ContainsFunc(tests, lacks) {
			words = append(words, word)
		}
	}
	return words
}

// without returns the words that are not among others.
func without(words, others []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return slices.Contains(others, word)
	})
}

// nameTests names some of a claim's tests, by words that none of the rest has all of. If there are
// no such words that all of them have, each is named by its own words, or in full if it has none.
func nameTests(some, rest []test) string {
	shared := common(append(some[:len(some):len(some)], rest...))
	name := without(common(some), shared)
	isNamed := func(t test) bool { return len(without(name, t.words())) == 0 }
	if !slices.ContainsFunc(rest, isNamed) {
		return strings.Join(name, " ")
	}
	var names []string
	for _, t := range some {
		own := strings.Join(without(t.words(), shared), " ")
		names = append(names, cmp.Or(own, t.String()))
	}
	return strings.Join(names, "; ")
}

// String returns the test as it stands in the text, without the label.
func (t test) String() string {
	return strings.Join(append([]string{t.Benchmark}, t.Axes...), " ") + ": " +
		t.Condition.String()
}
