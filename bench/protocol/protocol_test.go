package protocol

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"busybench/bench/outcome"
)

// documented returns the lines of the package comment that begin with a direction.
func documented(t *testing.T, direction string) (lines []string) {
	t.Helper()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(doc), "\n") {
		if text, ok := strings.CutPrefix(line, "//	"+direction+"   "); ok {
			lines = append(lines, strings.TrimSpace(text))
		}
	}
	return lines
}

// requireSame asks that a line has only known fields, and that encoding it again gives it back.
func requireSame(t *testing.T, line string, message any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(message); err != nil {
		t.Errorf("%s: %v", line, err)
	}
	if back, _ := json.Marshal(message); string(back) != line {
		t.Errorf("%s becomes %s", line, back)
	}
}

func TestResponsesInThePackageComment(t *testing.T) {
	lines := documented(t, "from the writer")
	if len(lines) != 4 {
		t.Fatalf("the package comment has %d lines from the writer, want 4", len(lines))
	}
	const id = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"
	for _, line := range append(lines, `{"op":"error","error":"..."}`) {
		line = strings.ReplaceAll(line, `{...}`, `{"start_ns":1,"phase":"insert","end_ns":2,"code":0}`)
		line = strings.ReplaceAll(line, `["..."]`, `["`+id+`"]`)
		requireSame(t, line, &Response{})
	}
}

func TestRequestsInThePackageComment(t *testing.T) {
	lines := documented(t, "to the writer")
	if len(lines) != 2 {
		t.Fatalf("the package comment has %d lines to the writer, want 2", len(lines))
	}
	const scenario = `{"exec":"process","journal":"wal","writers":1,"busy":"5s","txn":"auto",` +
		`"sync":"full","conn":"held","rows":0,"batch":1,"payload":0}`
	for _, line := range lines {
		line = strings.ReplaceAll(line, `{...}`, scenario)
		requireSame(t, strings.ReplaceAll(line, `:T`, `:7`), &Request{})
	}
	var r Request
	if err := json.Unmarshal([]byte(strings.ReplaceAll(lines[1], ":T", ":7")), &r); err != nil {
		t.Error(err)
	}
	want := outcome.Schedule{Mode: outcome.Burst, Release: 7}
	if r.Schedule() != want || !reflect.DeepEqual(NewStart(want, false), r) {
		t.Errorf("%s is read as %+v", lines[1], r)
	}
}

// Every field of an outcome is in the package comment, and the other way round.
func TestOutcomeFieldsInThePackageComment(t *testing.T) {
	o := outcome.Outcome{Start: 1, OpenDuration: 1, End: 1, Code: 5, Trace: outcome.Trace{
		BeginDuration: 1, WaitStart: 1, LockAcquired: 1, CommitStart: 1, LockReleased: 1, LockWait: 1,
	}}
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	doc, _ := os.ReadFile("doc.go")
	_, table, _ := strings.Cut(string(doc), "# Outcome")
	table, _, _ = strings.Cut(table, "Durations are in nanoseconds.")
	for name := range fields {
		if !strings.Contains(table, "//	"+name+" ") {
			t.Errorf("%s is not documented", name)
		}
	}
	if rows := strings.Count(table, "//	") - 1; rows != len(fields) { // one row has two lines
		t.Errorf("%d fields are documented, want %d", rows, len(fields))
	}
}

func TestOtherFieldsOfResponses(t *testing.T) {
	for _, line := range []string{
		`{"op":"outcome","outcome":{"start_ns":1,"phase":"open","end_ns":3,"code":14},"error_message":"no such file"}`,
		`{"op":"done","attempts":1,"cpu_ns":7,"failed_holds":[{"from_ns":1,"to_ns":2}]}`,
	} {
		requireSame(t, line, &Response{})
	}
	requireSame(t, `{"op":"start","mode":"sustained","release_ns":1,"deadline_ns":2,"stream":true}`, &Request{})
}
