package workload

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"busybench/bench/nearest"
)

// Kind is a kind of parameter.
type Kind uint8

// The kinds.
const (
	Column       Kind = iota // of an earlier statement
	ID                       // of the ledger's row
	Number                   // of the run of a section
	Random                   // from A to B
	Zipf                     // from A to B, the smallest most often
	Text                     // of A letters and digits
	Acknowledged             // number of acknowledged runs
)

// Parameter is a parameter of a statement.
type Parameter struct {
	Kind Kind
	Name string // of a column
	A, B int64
}

// maxText is the maximum length of a random text.
const maxText = 10_000_000

// parameterName matches SQLite's name of a parameter.
var parameterName = regexp.MustCompile(`^:(\w+)(?:\((.*)\))?$`)

// drawn are the parameters with arguments, and plain those without, except for columns.
var (
	drawn = map[string]Kind{"random": Random, "zipf": Zipf, "text": Text}
	plain = map[string]Kind{"id": ID, "n": Number, "acknowledged": Acknowledged}
)

// Parameters lists all parameters, for messages.
const Parameters = ":id, :n, :random(a,b), :zipf(a,b), :text(n), in -- check :acknowledged, and " +
	"the columns of earlier statements of the section"

// ParseParameter parses the name of a parameter, as SQLite returns it. A name that is not known is
// that of a column.
func ParseParameter(name string) (p Parameter, err error) {
	m := parameterName.FindStringSubmatch(name)
	if m == nil {
		return p, fmt.Errorf("parameter %q has no name; there are %s", name, Parameters)
	}
	word, arguments := m[1], m[2]
	hasArguments := strings.HasSuffix(name, ")")
	kind, isDrawn := drawn[word]
	known, isPlain := plain[word]
	switch {
	case isDrawn:
		p.Kind = kind
		if err := p.setArguments(arguments); err != nil {
			return p, fmt.Errorf("bad parameter %s; %w", name, err)
		}
	case hasArguments:
		return p, UnknownParameter(name, nil)
	case isPlain:
		p.Kind = known
	default:
		p.Name = word
	}
	return p, nil
}

// UnknownParameter returns the error of a name that is no parameter, in a section with columns of
// some names.
func UnknownParameter(name string, columns []string) error {
	known := append([]string{"id", "n", "random", "zipf", "text", "acknowledged"}, columns...)
	word, _, _ := strings.Cut(strings.TrimPrefix(name, ":"), "(")
	if slices.Contains(known, strings.TrimPrefix(name, ":")) {
		return fmt.Errorf("parameter %s has no value in this section; there are %s", name,
			Parameters)
	}
	return fmt.Errorf("unknown parameter %s%s; there are %s",
		name, nearest.Question(word, known), Parameters)
}

// setArguments sets A and B.
func (p *Parameter) setArguments(text string) (err error) {
	first, second, two := strings.Cut(text, ",")
	p.A, err = strconv.ParseInt(first, 10, 64)
	if p.Kind == Text {
		if err != nil || two || p.A < 0 || p.A > maxText {
			return fmt.Errorf("give a whole number from 0 to %d, as :text(100)", maxText)
		}
		return nil
	}
	var errB error
	p.B, errB = strconv.ParseInt(second, 10, 64)
	if err != nil || errB != nil || p.A > p.B {
		return errors.New("give two whole numbers, the smaller first, as :random(1,100)")
	}
	return nil
}
