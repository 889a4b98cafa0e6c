package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"busybench/bench/format"
	"busybench/bench/protocol"
	"busybench/bench/protocol/conformance"
)

// report prints a line for each case.
type report struct {
	out                    io.Writer
	name                   string
	passed, failed, undone int
}

// newReport prints what is tested.
func newReport(out io.Writer, name string, d protocol.Driver) *report {
	r := &report{out: out, name: name}
	r.print("", fmt.Sprintf("%s: %s", name, d))
	return r
}

// print prints a text that begins with a word, in lines that fit a terminal.
func (r *report) print(word, text string) {
	const width = 6
	if word == "" {
		fmt.Fprintln(r.out, format.Wrap(text, format.Columns, "", "  "))
		return
	}
	fmt.Fprintln(r.out, format.Wrap(text, format.Columns, fmt.Sprintf("%-*s", width, word),
		strings.Repeat(" ", width)))
}

// add prints the result of a case.
func (r *report) add(result conformance.Result) {
	switch {
	case result.Undone != "":
		r.undone++
		r.print("-", result.Case+": "+result.Undone)
	case result.Err != nil:
		r.failed++
		// Errors may have several lines.
		text := strings.Join(strings.Fields(result.Err.Error()), " ")
		r.print("FAIL", result.Case+": "+text)
	default:
		r.passed++
		r.print("ok", result.Case)
	}
}

// end prints the sums. It returns an error if a case failed.
func (r *report) end() error {
	text := fmt.Sprintf("%d passed, %d failed, %d not declared", r.passed, r.failed, r.undone)
	r.print("", text)
	if r.failed > 0 {
		return errors.New(r.name + " is not a writer as go doc ./bench/protocol describes it: " +
			format.Count(r.failed, "case") + " failed")
	}
	return nil
}
