package runner

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"busybench/scripts/internal/snapshot"
)

// maxComment is the largest length of a line that is not a result. Errors can repeat the whole text
// of an SQL statement.
const maxComment = 4096

// lineWriter calls a function with each line that is written to it, without the newline. A line
// that is too long is shortened, or is an error if it is a result: one result over
// [snapshot.MaxLine] makes a whole snapshot unreadable. It holds no more than one line.
type lineWriter struct {
	line    func(text string) error
	failed  func() // called at the first error
	err     error  // the first error
	current []byte // the current line, up to snapshot.MaxLine bytes
	length  int    // of the current line
}

// Write never fails: after an error it discards what follows. Otherwise the benchmarks would be
// killed by SIGPIPE instead of exiting cleanly.
func (w *lineWriter) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0 && w.err == nil; {
		text, after, complete := bytes.Cut(rest, []byte("\n"))
		w.length += len(text)
		w.current = append(w.current, text[:min(len(text), snapshot.MaxLine-len(w.current))]...)
		if complete {
			w.end()
		}
		rest = after
	}
	return len(p), nil
}

// flush ends the last line if it has no newline.
func (w *lineWriter) flush() {
	if w.length > 0 && w.err == nil {
		w.end()
	}
}

// end calls the function with the current line.
func (w *lineWriter) end() {
	text := strings.TrimSuffix(string(w.current), "\r")
	switch result := isResult(text); {
	case result && w.length > snapshot.MaxLine:
		w.err = fmt.Errorf("the benchmarks printed a result of %d bytes; the max is %d: %.80q",
			w.length, snapshot.MaxLine, text)
	case !result && w.length > maxComment:
		text = shorten(text, w.length)
	}
	w.current, w.length = w.current[:0], 0
	if w.err == nil {
		w.err = w.line(text)
	}
	if w.err != nil {
		w.failed()
	}
}

// shorten cuts a line to maxComment bytes with a mark at its end. Length is the line's own.
func shorten(text string, length int) string {
	mark := fmt.Sprintf("... (cut from %d bytes)", length)
	return strings.ToValidUTF8(text[:maxComment-len(mark)], "") + mark
}

// isResult reports whether a line is a benchmark's result: a name, the number of iterations, and at
// least one value.
func isResult(line string) bool {
	if !strings.HasPrefix(line, "Benchmark") {
		return false
	}
	fields := strings.Fields(line)
	if len(fields) < 3 {
		return false
	}
	_, err := strconv.Atoi(fields[1])
	return err == nil
}

// head keeps the beginning of what is written to it, up to max bytes.
type head struct {
	max  int
	text []byte
}

func (h *head) Write(p []byte) (int, error) {
	h.text = append(h.text, p[:min(len(p), h.max-len(h.text))]...)
	return len(p), nil
}

func (h *head) String() string { return string(h.text) }
