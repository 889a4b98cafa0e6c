package main

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// claimsText declares all claims and the snapshots that decide them.
//
//go:embed claims.txt
var claimsText string

// claim is a published statement.
type claim struct {
	ID      string
	Title   string
	Author  string
	Year    string
	Link    string
	Says    string // in our words; the author's stand in quotation marks
	Setting string // machine, system, driver and language of the author
	Tests   []test
	Reason  string // why it cannot be decided here; empty if there are tests
	Differs string // what could explain a deviation
}

// source is how make bench makes a snapshot.
type source struct {
	Label    string
	Settings map[string]string // of make bench, without LABEL
}

// claims are all claims and all snapshots, in the order of the text.
type claims struct {
	Claims  []claim
	Sources []source
}

// source returns the snapshot with a label.
func (c claims) source(label string) (source, bool) {
	i := slices.IndexFunc(c.Sources, func(s source) bool { return s.Label == label })
	if i < 0 {
		return source{}, false
	}
	return c.Sources[i], true
}

// labels returns the labels of a claim's snapshots.
func (c claim) labels() (labels []string) {
	for _, t := range c.Tests {
		if !slices.Contains(labels, t.Label) {
			labels = append(labels, t.Label)
		}
	}
	return labels
}

// readClaims parses paragraphs of lines "key: value", in which indented lines continue the value.
// Lines that begin with # are comments. The first key of a paragraph is claim or snapshot.
func readClaims(text string) (all claims, err error) {
	for _, paragraph := range paragraphs(text) {
		switch first := paragraph[0]; first.key {
		case "claim":
			c, err := readClaim(paragraph)
			if err != nil {
				return all, fmt.Errorf("claim %s: %w", first.value, err)
			}
			all.Claims = append(all.Claims, c)
		case "snapshot":
			s := source{Label: first.value, Settings: map[string]string{}}
			for _, f := range paragraph[1:] {
				s.Settings[f.key] = f.value
			}
			all.Sources = append(all.Sources, s)
		default:
			return all, fmt.Errorf("a paragraph begins with %q; begin with claim or snapshot",
				first.key)
		}
	}
	return all, all.check()
}

// check rejects claims whose snapshots are not declared.
func (c claims) check() error {
	for _, claim := range c.Claims {
		for _, label := range claim.labels() {
			if _, ok := c.source(label); !ok {
				return fmt.Errorf("claim %s: snapshot %q is not declared", claim.ID, label)
			}
		}
	}
	return nil
}

// field is a line of a paragraph.
type field struct{ key, value string }

// fieldLine matches the first line of a field.
var fieldLine = regexp.MustCompile(`^([A-Za-z]+): (.*)$`)

// paragraphs splits a text into paragraphs of fields.
func paragraphs(text string) (all [][]field) {
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		match := fieldLine.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.TrimSpace(line) == "":
			inside = false
		case match != nil:
			if !inside {
				all, inside = append(all, nil), true
			}
			last := &all[len(all)-1]
			*last = append(*last, field{match[1], match[2]})
		case inside:
			last := all[len(all)-1]
			last[len(last)-1].value += " " + strings.TrimSpace(line)
		}
	}
	return all
}

func readClaim(paragraph []field) (c claim, err error) {
	texts := map[string]*string{
		"claim": &c.ID, "title": &c.Title, "author": &c.Author, "year": &c.Year, "link": &c.Link,
		"says": &c.Says, "setting": &c.Setting, "undecidable": &c.Reason, "differs": &c.Differs,
	}
	for _, f := range paragraph {
		if f.key == "test" {
			tests, err := parseTest(f.value)
			if err != nil {
				return c, fmt.Errorf("test %q: %w", f.value, err)
			}
			c.Tests = append(c.Tests, tests...)
			continue
		}
		text := texts[f.key]
		if text == nil || *text != "" {
			return c, fmt.Errorf("unknown or repeated key %q", f.key)
		}
		*text = f.value
	}
	if (len(c.Tests) == 0) == (c.Reason == "") {
		return c, errors.New("give either a test, or undecidable with the reason")
	}
	return c, nil
}
