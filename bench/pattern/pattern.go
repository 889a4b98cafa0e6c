// Package pattern selects benchmarks by name, as go test -bench does.
package pattern

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
)

// Pattern is alternatives separated by "|", each with one regular expression for every part of a
// name, separated by "/".
type Pattern [][]*regexp.Regexp

// Parse reads a pattern. Both separators count only outside of brackets and parentheses (see
// splitRegexp in the testing package).
func Parse(text string) (Pattern, error) {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return nil, errors.New("it has a control character")
	}
	p := Pattern{nil}
	add := func(part string) error {
		expression, err := regexp.Compile(part)
		if e := (*syntax.Error)(nil); errors.As(err, &e) {
			return errors.New(e.Code.String()) // the caller quotes the whole pattern
		}
		p[len(p)-1] = append(p[len(p)-1], expression)
		return err
	}
	brackets, parentheses, begin := 0, 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '[':
			brackets++
		case c == ']':
			brackets = max(0, brackets-1) // an unmatched one is legal
		case brackets > 0:
		case c == '(':
			parentheses++
		case c == ')':
			parentheses--
		case parentheses == 0 && (c == '/' || c == '|'):
			if err := add(text[begin:i]); err != nil {
				return nil, err
			}
			begin = i + 1
			if c == '|' {
				p = append(p, nil)
			}
		}
	}
	return p, add(text[begin:])
}

// Matches reports whether the name of a benchmark matches with the words after it. The name may be
// written with or without "Benchmark" in front.
func (p Pattern) Matches(name string, words ...string) bool {
	for _, parts := range p {
		if matchName(parts[0], name) && matchParts(parts[1:], words) {
			return true
		}
	}
	return false
}

// MatchesSome reports whether the pattern may match a benchmark with this name, whatever the words
// after it.
func (p Pattern) MatchesSome(name string) bool {
	for _, parts := range p {
		if matchName(parts[0], name) {
			return true
		}
	}
	return false
}

func matchName(part *regexp.Regexp, name string) bool {
	return part.MatchString(name) || part.MatchString("Benchmark"+name)
}

// matchParts reports whether the words match the expressions. There may be more words.
func matchParts(parts []*regexp.Regexp, words []string) bool {
	if len(words) < len(parts) {
		return false
	}
	for i, part := range parts {
		if !part.MatchString(words[i]) {
			return false
		}
	}
	return true
}
