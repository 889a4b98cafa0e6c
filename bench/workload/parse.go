package workload

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"busybench/bench/nearest"
)

// Bounds of a file and of a weight.
const (
	maxBytes  = 64 << 10 // the file goes to every writer process
	maxWeight = 1_000_000
)

// Complete reports whether a text ends with the end of an SQL statement, as sqlite3_complete does.
type Complete func(sql string) bool

// Parse parses the text of a file. An error names the file and the line.
func Parse(name, text string, complete Complete) (*Workload, error) {
	p := parser{file: &Workload{Name: name}, splitter: splitter{complete}}
	text = strings.TrimPrefix(text, "\uFEFF") // a byte order mark
	if err := p.checkText(text); err != nil {
		return nil, err
	}
	start := 1
	var lines []string
	for i, line := range strings.Split(text, "\n") {
		begins, err := p.parseSection(line, i+1)
		if err != nil {
			return nil, err
		}
		if begins == nil {
			lines = append(lines, line)
			continue
		}
		if err := p.add(strings.Join(lines, "\n"), start); err != nil {
			return nil, err
		}
		p.current, start, lines = begins, i+2, nil
	}
	if err := p.add(strings.Join(lines, "\n"), start); err != nil {
		return nil, err
	}
	if len(p.file.Write) == 0 {
		return nil, fmt.Errorf("%s: no transaction; give one in a section that begins with the "+
			"line %q", name, "-- write")
	}
	return p.file, nil
}

// parser is a file that is being parsed.
type parser struct {
	file *Workload
	splitter
	current *section // nil before the first
}

// section is the line with which a section begins.
type section struct {
	word  string
	write Write // options of -- write
	line  int
}

func (p *parser) errorf(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.file.Name, line, fmt.Sprintf(format, args...))
}

// checkText rejects texts that SQLite would read in part, or that JSON would change.
func (p *parser) checkText(text string) error {
	if len(text) > maxBytes {
		return fmt.Errorf("%s has %d bytes; give at most %d, and make data by a query, such as "+
			"WITH RECURSIVE", p.file.Name, len(text), maxBytes)
	}
	for i, line := range strings.Split(text, "\n") {
		if strings.ContainsRune(line, 0) {
			return p.errorf(i+1, "a zero byte; give text")
		}
		if !utf8.ValidString(line) {
			return p.errorf(i+1, "not UTF-8; give text in that encoding")
		}
	}
	return nil
}

// sectionLine matches a comment at the start of a line that begins with a word.
var sectionLine = regexp.MustCompile(`^--[ \t]*([A-Za-z]+)([^A-Za-z].*)?$`)

var sectionWords = []string{"connect", "setup", "write", "read", "check"}

// parseSection returns the section that a line begins, or nil.
func (p *parser) parseSection(line string, number int) (*section, error) {
	m := sectionLine.FindStringSubmatch(strings.TrimRight(line, " \t\r"))
	if m == nil {
		return nil, nil
	}
	s := &section{word: m[1], write: Write{Weight: 1}, line: number}
	for _, word := range sectionWords {
		if word == s.word {
			return s, p.setOptions(s, strings.Fields(m[2]))
		}
	}
	if near := nearest.Word(s.word, sectionWords); near != "" && m[2] == "" {
		return nil, p.errorf(number, "-- %s is no section; did you mean -- %s? (a comment has "+
			"more words)", s.word, near)
	}
	return nil, nil
}

// setOptions sets what follows the word of a section.
func (p *parser) setOptions(s *section, options []string) error {
	for _, option := range options {
		key, value, _ := strings.Cut(option, "=")
		weight, err := strconv.Atoi(value)
		switch {
		case s.word != "write":
			return p.errorf(s.line, "unexpected %q after -- %s; a section begins with the line "+
				"-- %s alone, and a comment with another word", option, s.word, s.word)
		case key == "weight" && err == nil && weight >= 1 && weight <= maxWeight:
			s.write.Weight = weight
		case option == "retry=writes":
			s.write.KeepReads = true
		case key == "weight":
			return p.errorf(s.line, "bad weight %q; give a whole number from 1 to %d, such as "+
				"weight=3", value, maxWeight)
		default:
			return p.errorf(s.line, "unexpected %q after -- write; it takes weight=N and "+
				"retry=writes, and a comment begins with another word", option)
		}
	}
	return nil
}

// add adds the text of the current section, whose first line has a number.
func (p *parser) add(text string, line int) error {
	statements, bad := p.split(text, line)
	if bad != 0 {
		return p.errorf(bad, "a statement does not end: a string, a comment or a CREATE TRIGGER "+
			"goes on to the end of the section; end each statement with a semicolon")
	}
	s := p.current
	switch {
	case s == nil && len(statements) > 0:
		return p.errorf(statements[0].Line, "a statement before the first section; put a line "+
			"before it: -- connect, -- setup, -- write, -- read or -- check")
	case s == nil:
	case len(statements) == 0:
		return p.errorf(s.line, "-- %s has no statement; give one, or leave the section out",
			s.word)
	case s.word == "write":
		s.write.Statements = statements
		p.file.Write = append(p.file.Write, s.write)
	default:
		to := map[string]*[]Statement{
			"connect": &p.file.Connect, "setup": &p.file.Setup,
			"read": &p.file.Read, "check": &p.file.Check,
		}[s.word]
		*to = append(*to, statements...)
	}
	return nil
}
