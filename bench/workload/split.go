package workload

import "strings"

// splitter splits SQL into statements. SQLite itself says where a statement ends.
type splitter struct{ complete Complete }

// split returns the statements of a text whose first line has a number. If the last one does not
// end, it returns the line at which it begins.
func (s splitter) split(text string, line int) (statements []Statement, bad int) {
	for text != "" {
		end := s.end(text)
		statement := text[:end]
		if end == len(text) && !s.ends(statement) {
			return nil, line + strings.Count(s.leading(statement), "\n")
		}
		if !s.isEmpty(statement) {
			skipped := s.leading(statement)
			statements = append(statements, Statement{
				Line: line + strings.Count(skipped, "\n"),
				SQL:  strings.TrimRight(statement[len(skipped):], spaces),
			})
		}
		text, line = text[end:], line+strings.Count(statement, "\n")
	}
	return statements, 0
}

// spaces are SQLite's white space.
const spaces = " \t\n\f\r"

// end returns the end of the first statement of a text, which includes its semicolon.
func (s splitter) end(text string) int {
	for i := range len(text) {
		if text[i] == ';' && s.complete(text[:i+1]) {
			return i + 1
		}
	}
	return len(text)
}

// ends reports whether a text ends outside of a string, a comment and a trigger. The newline ends a
// comment of one line.
func (s splitter) ends(text string) bool { return s.complete(text + "\n;") }

// isEmpty reports whether a text has only white space, comments and semicolons. It asks SQLite
// whether what follows the text is the start of a statement: only there EXPLAIN CREATE TRIGGER
// begins a trigger, which the next semicolon does not end. Inside a trigger the next semicolon ends
// nothing either, whatever the word, so a plain word is tried first.
func (s splitter) isEmpty(text string) bool {
	text = strings.TrimRight(text, spaces+";")
	return s.ends(text) && s.complete(text+"\nx;") &&
		!s.complete(text+"\nEXPLAIN CREATE TRIGGER x;")
}

// leading returns the white space and the comments before a statement.
func (s splitter) leading(text string) string {
	end := 0
	for i := range len(text) {
		if text[i] != '\n' {
			continue
		}
		if s.isEmpty(text[:i]) {
			end = i + 1
		} else if s.ends(text[:i]) {
			break
		}
	}
	return text[:len(text)-len(strings.TrimLeft(text[end:], spaces))]
}
