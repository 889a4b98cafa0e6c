package snapshot

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"

	"golang.org/x/perf/benchfmt"
)

// pattern selects benchmarks as go test -bench does: alternatives separated by "|", each with one
// regular expression for every part of a name, separated by "/".
type pattern [][]*regexp.Regexp

// parsePattern reads a pattern. Both separators count only outside of brackets and parentheses
// (see splitRegexp in the testing package).
func parsePattern(text string) (pattern, error) {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return nil, errors.New("it has a control character")
	}
	p := pattern{nil}
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

// matches reports whether a result's name matches. The name of the benchmark may be written with
// or without "Benchmark" in front.
func (p pattern) matches(r *benchfmt.Result) bool {
	base, words := string(r.Name.Base()), NameParts(r)
	for _, parts := range p {
		if !parts[0].MatchString(base) && !parts[0].MatchString("Benchmark"+base) {
			continue
		}
		if matchParts(parts[1:], words) {
			return true
		}
	}
	return false
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
