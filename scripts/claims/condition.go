package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"busybench/bench/metrics"
)

// kind is a kind of condition.
type kind int

const (
	ratioKind kind = iota // ratio UNIT A / B BOUND: of two rows in a unit
	valueKind             // UNIT BOUND: the median of a row
	shareKind             // lock errors BOUND: their share of the attempts
	anyKind               // lock errors: at least one
	noneKind              // no lock errors
	fewerKind             // fewer lock errors A / B: of two rows, by share
)

// condition is what confirms a claim if it holds, and refutes it if it does not.
type condition struct {
	Kind  kind
	Unit  string   // of a ratio or a value
	A, B  []string // words that select the two rows of a ratio or of fewer lock errors
	Bound bound    // of a ratio, a value or a share
}

// bound is a range without its ends.
type bound struct {
	Low, High float64
	Text      string // such as "above 1"
}

const (
	anyText   = "lock errors"
	noneText  = "no lock errors"
	fewerText = "fewer lock errors"
	ratioText = "ratio "
)

func parseCondition(text string) (c condition, err error) {
	switch {
	case text == anyText:
		return condition{Kind: anyKind}, nil
	case text == noneText:
		return condition{Kind: noneKind}, nil
	case strings.HasPrefix(text, fewerText+" "):
		c.Kind = fewerKind
		c.A, c.B, err = parsePair(strings.TrimPrefix(text, fewerText))
		return c, err
	}
	subject, limits, err := cutBound(text)
	if err != nil {
		return c, err
	}
	switch words := strings.Fields(subject); {
	case subject == anyText:
		c.Kind, c.Unit = shareKind, metrics.LockErrorPercent
	case strings.HasPrefix(subject, ratioText) && len(words) > 1:
		c.Kind, c.Unit = ratioKind, words[1]
		if c.A, c.B, err = parsePair(strings.Join(words[2:], " ")); err != nil {
			return c, err
		}
	default:
		c.Kind, c.Unit = valueKind, subject
	}
	if !isUnit(c.Unit) {
		return c, fmt.Errorf("%q is not a unit", c.Unit)
	}
	c.Bound, err = parseBound(limits)
	return c, err
}

func isUnit(name string) bool {
	return slices.ContainsFunc(metrics.Units, func(u metrics.Unit) bool { return u.Name == name })
}

// parsePair parses "A / B", each of which has words such as "journal=wal".
func parsePair(text string) (a, b []string, err error) {
	left, right, ok := strings.Cut(text, " / ")
	a, b = strings.Fields(left), strings.Fields(right)
	if !ok || len(a) == 0 || len(b) == 0 {
		return nil, nil, fmt.Errorf("%q is not a pair such as journal=wal / journal=delete", text)
	}
	return a, b, nil
}

// cutBound cuts a condition before its bound.
func cutBound(text string) (subject, limits string, err error) {
	for _, word := range []string{" above ", " below ", " from "} {
		if before, after, ok := strings.Cut(text, word); ok {
			return before, strings.TrimSpace(word) + " " + after, nil
		}
	}
	return "", "", fmt.Errorf("%q has no bound; give above X, below X or from X to Y", text)
}

func parseBound(text string) (b bound, err error) {
	b = bound{math.Inf(-1), math.Inf(1), text}
	words := strings.Fields(strings.ReplaceAll(text, " %", "%"))
	number := func(i int) (v float64) {
		if err == nil {
			v, err = parseNumber(words[i])
		}
		return v
	}
	switch {
	case len(words) == 2 && words[0] == "above":
		b.Low = number(1)
	case len(words) == 2 && words[0] == "below":
		b.High = number(1)
	case len(words) == 4 && words[0] == "from" && words[2] == "to":
		b.Low, b.High = number(1), number(3)
	default:
		err = fmt.Errorf("bad bound %q; give above X, below X or from X to Y", text)
	}
	return b, err
}

// parseNumber parses a number, a percentage, or a time in seconds.
func parseNumber(word string) (float64, error) {
	if v, err := strconv.ParseFloat(strings.TrimSuffix(word, "%"), 64); err == nil {
		return v, nil
	}
	d, err := time.ParseDuration(word)
	if err != nil {
		return 0, fmt.Errorf("bad number %q; give a number or a time such as 5s", word)
	}
	return d.Seconds(), nil
}

// subject returns what a condition is about, without its bound.
func (c condition) subject() string {
	pair := strings.Join(c.A, " ") + " / " + strings.Join(c.B, " ")
	switch c.Kind {
	case ratioKind:
		return c.Unit + " " + pair
	case valueKind:
		return c.Unit
	case fewerKind:
		return fewerText + " " + pair
	case noneKind:
		return noneText
	}
	return anyText
}

// String returns the condition as it stands in the text.
func (c condition) String() string {
	text := c.subject()
	if c.Kind == ratioKind {
		text = ratioText + text
	}
	return strings.TrimSpace(text + " " + c.Bound.Text)
}

// words returns what tells a condition from others, without its bound.
func (c condition) words() []string {
	subject := c.Unit
	if c.Kind == anyKind || c.Kind == noneKind || c.Kind == fewerKind || c.Kind == shareKind {
		subject = anyText
	}
	return slices.Concat([]string{subject}, c.A, c.B)
}
