package snapshot

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"

	"busybench/bench/anatomy"
	"busybench/bench/metrics"
	"busybench/bench/others"
	"busybench/bench/statements"
)

// MaxLine is the length of the longest line that benchfmt reads: it uses a [bufio.Scanner] with
// the default limit, which includes the newline.
const MaxLine = bufio.MaxScanTokenSize - 1

var (
	resultPrefix   = []byte("Benchmark")
	unitPrefix     = []byte("Unit")
	commandPrefix  = []byte("# ")
	revisionPrefix = []byte("# revision ")
	warningPrefix  = []byte("# warning: ")
)

// lineReader passes the lines of a result file to benchfmt, one for one, so that line numbers
// remain correct. A longer line than benchfmt reads is cut, unless it is a result, which is an
// error. Units get their present names.
type lineReader struct {
	in         *bufio.Reader
	path       string
	number     int      // of lines read
	rest       []byte   // of the current line
	command    string   // in the first line
	revisions  []string // distinct ones, in the order of the file
	warnings   []string // distinct ones, in the order of the file
	comments   anatomy.Comments
	others     []others.Comment
	statements []statements.Comment
	runs       []Run
	rounds     []lockRounds
	interleaving
}

func newLineReader(in io.Reader, path string) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(in, MaxLine+1), path: path}
}

// Read implements [io.Reader].
func (l *lineReader) Read(p []byte) (n int, err error) {
	if len(l.rest) == 0 {
		if l.rest, err = l.next(); err != nil {
			return 0, err
		}
	}
	n = copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// next returns the next line, with a newline.
func (l *lineReader) next() ([]byte, error) {
	line, isPrefix, err := l.in.ReadLine()
	if err != nil {
		return nil, err
	}
	l.number++
	line = bytes.Clone(line[:min(len(line), MaxLine)])
	if isPrefix && bytes.HasPrefix(line, resultPrefix) {
		return nil, fmt.Errorf("%s:%d: a result line is longer than %d bytes",
			l.path, l.number, MaxLine)
	}
	for isPrefix {
		if _, isPrefix, err = l.in.ReadLine(); err != nil {
			return nil, err
		}
	}
	if command, ok := bytes.CutPrefix(line, commandPrefix); ok && l.number == 1 {
		l.command = string(command)
	}
	if revision, ok := bytes.CutPrefix(line, revisionPrefix); ok {
		l.revisions = appendDistinct(l.revisions, string(revision))
	}
	if warning, ok := bytes.CutPrefix(line, warningPrefix); ok {
		l.warnings = appendDistinct(l.warnings, string(warning))
	}
	l.comments.Add(string(line))
	if c, ok := others.ParseComment(string(line)); ok {
		l.others = append(l.others, c)
	}
	if c, ok := statements.ParseComment(string(line)); ok {
		l.statements = append(l.statements, c)
	}
	l.runs = addLine(l.runs, l.number, string(line))
	l.rounds = addLockRounds(l.rounds, l.number, string(line))
	l.interleaving.add(string(line))
	return append(renameUnits(line), '\n'), nil
}

func appendDistinct(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// renameUnits replaces former names of units in a result line or a Unit line.
func renameUnits(line []byte) []byte {
	fields := bytes.Fields(line)
	var units [][]byte
	switch {
	case bytes.HasPrefix(line, resultPrefix) && len(fields) > 3:
		units = fields[3:] // every other one is a unit; the values between them are numbers
	case len(fields) > 1 && bytes.Equal(fields[0], unitPrefix):
		units = fields[1:2]
	}
	changed := false
	for i, unit := range units {
		if name, ok := metrics.OldNames[string(unit)]; ok {
			units[i], changed = []byte(name), true
		}
	}
	if !changed {
		return line
	}
	return bytes.Join(fields, []byte(" "))
}
