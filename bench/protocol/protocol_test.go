package protocol

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/outcome"
	"busybench/bench/workload"
)

// readExamples returns the messages that the package comment shows from "writer" or "parent". A
// line that ends with a comma goes on in the next.
func readExamples(t *testing.T, sender string) (lines []string) {
	t.Helper()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	joined := strings.ReplaceAll(string(doc), ",\n//\t        ", ",")
	for _, line := range strings.Split(joined, "\n") {
		if text, ok := strings.CutPrefix(line, "//\t"+sender+": "); ok {
			lines = append(lines, text)
		}
	}
	return lines
}

// requireRoundTrip requires that a line has only known fields, and that decoding and encoding it
// returns the same line.
func requireRoundTrip(t *testing.T, line string, message any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(message); err != nil {
		t.Errorf("%s: %v", line, err)
	}
	if encoded, _ := json.Marshal(message); string(encoded) != line {
		t.Errorf("%s becomes %s", line, encoded)
	}
}

func TestDocumentedResponsesRoundTrip(t *testing.T) {
	lines := readExamples(t, "writer")
	if len(lines) != 5 {
		t.Fatalf("the package comment has %d lines from the writer, want 5", len(lines))
	}
	const (
		driver = `{"name":"x","sqlite":"3","capabilities":{"roles":["writer"],` +
			`"busy":["none"],"txn":["auto"],"conn":["held"],"hold":true}}`
		example = `{"start_ns":1,"phase":"insert","end_ns":2,"code":0}`
		id      = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"
	)
	for _, line := range append(lines, `{"op":"error","error":"..."}`) {
		line = strings.ReplaceAll(line, `"driver":{...}`, `"driver":`+driver)
		line = strings.ReplaceAll(line, `{...}`, example)
		line = strings.ReplaceAll(line, `["..."]`, `["`+id+`"]`)
		requireRoundTrip(t, line, &Response{})
	}
}

func TestDocumentedRequestsRoundTrip(t *testing.T) {
	lines := readExamples(t, "parent")
	if len(lines) != 3 {
		t.Fatalf("the package comment has %d lines from the parent, want 3", len(lines))
	}
	const scenario = `{"exec":"process","journal":"wal","writers":1,"busy":"5s","txn":"auto",` +
		`"sync":"full","conn":"held","rows":0,"batch":1,"payload":0,"queue":"connection",` +
		`"hold":"0","think":"0","rate":"closed","readers":0,"read":"point",` +
		`"checkpoint":"auto","intruder":"none",` +
		`"file":"missing","order":"timeout-first","migrate":"once","cache":"private",` +
		`"driver":"zombiezen"}`
	for _, line := range lines {
		line = strings.ReplaceAll(line, `{...}`, scenario)
		requireRoundTrip(t, strings.ReplaceAll(line, `:T`, `:7`), &Request{})
	}
	var r Request
	if err := json.Unmarshal([]byte(strings.ReplaceAll(lines[1], ":T", ":7")), &r); err != nil {
		t.Fatal(err)
	}
	want := outcome.Schedule{Mode: outcome.Sustained, Release: 7, Deadline: 7}
	got, err := r.Schedule()
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("schedule of %s: %v (-want +got):\n%s", lines[1], err, diff)
	}
	if _, err := (Request{Op: OpStart, Release: 7}).Schedule(); err == nil {
		t.Error("a start without a mode has a schedule")
	}
	if diff := cmp.Diff(NewStart(want, false), r); diff != "" {
		t.Errorf("request of %s (-want +got):\n%s", lines[1], diff)
	}
}

func TestDocumentedOutcomeFieldsAreThoseOfOutcome(t *testing.T) {
	o := outcome.Outcome{
		Start: 1, OpenDuration: 1, End: 1, Code: 5,
		Trace: outcome.Trace{
			BeginDuration: 1, WaitStart: 1, LockAcquired: 1, CommitStart: 1,
			LockReleased: 1, LockWait: 1, Line: 1, LongestLine: 1,
		},
	}
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(doc), "# Outcome")
	table, _, _ = strings.Cut(table, "Durations are in nanoseconds.")
	for name := range fields {
		if !strings.Contains(table, "//\t"+name+" ") {
			t.Errorf("%s is not documented", name)
		}
	}
	if rows := strings.Count(table, "//\t") - 1; rows != len(fields) { // one row has two lines
		t.Errorf("%d fields are documented, want %d", rows, len(fields))
	}
}

func TestMessagesWithOptionalFieldsRoundTrip(t *testing.T) {
	for _, c := range []struct {
		name, line string
		message    any
	}{
		{
			name: "outcome with an error message",
			line: `{"op":"outcome","outcome":{"start_ns":1,"phase":"open","end_ns":3,"code":14},` +
				`"error_message":"no such file"}`,
			message: &Response{},
		},
		{
			name: "done with failed holds",
			line: `{"op":"done","attempts":1,"cpu_ns":7,` +
				`"failed_holds":[{"from_ns":1,"to_ns":2}]}`,
			message: &Response{},
		},
		{
			name: "done with times of statements",
			line: `{"op":"done","attempts":1,"statements":[{"line":12,"runs":2,"lock_errors":1,` +
				`"duration_ns":5,"wait_ns":1,"max_ns":3}]}`,
			message: &Response{},
		},
		{
			name: "sql of a task",
			line: `{"name":"a.sql","connect":[{"line":1,"sql":"PRAGMA a"}],"write":[{"weight":1,` +
				`"keep_reads":true,` +
				`"statements":[{"line":3,"sql":"SELECT 1","reads_only":true}]}],` +
				`"read":[{"line":5,"sql":"SELECT 2"}]}`,
			message: &workload.Workload{},
		},
		{
			name: "start of a streamed sustained round",
			line: `{"op":"start","mode":"sustained","release_ns":1,"deadline_ns":2,` +
				`"stream":true}`,
			message: &Request{},
		},
	} {
		t.Run(c.name, func(t *testing.T) { requireRoundTrip(t, c.line, c.message) })
	}
}

func TestShortText(t *testing.T) {
	for _, c := range []struct{ name, text, start, end string }{
		{"empty", "", "", ""},
		{"as long as allowed", strings.Repeat("x", MaxText), strings.Repeat("x", MaxText), ""},
		{"one byte too long", "start" + strings.Repeat("x", MaxText-7) + "end", "startx", "xend"},
		{"many bytes too long", "start" + strings.Repeat("x", 1e6) + "end", "startx", "xend"},
		{"cut within a character", "ss" + strings.Repeat("é", MaxText) + "ee", "ssé", "éee"},
		{"invalid UTF-8", "s" + strings.Repeat("\xff.", MaxText) + "e", "s\uFFFD.", ".e"},
	} {
		t.Run(c.name, func(t *testing.T) {
			short := ShortText(c.text)
			if len(short) > MaxText || !utf8.ValidString(short) {
				t.Errorf("%d bytes, valid %v: %q", len(short), utf8.ValidString(short), short)
			}
			if !strings.HasPrefix(short, c.start) || !strings.HasSuffix(short, c.end) {
				t.Errorf("%q does not start with %q and end with %q", short, c.start, c.end)
			}
			if cut := len(c.text) > MaxText; cut != strings.Contains(short, " ... ") {
				t.Errorf("a text of %d bytes becomes %q", len(c.text), short)
			}
		})
	}
}
