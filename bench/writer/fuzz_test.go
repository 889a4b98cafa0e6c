package writer

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"busybench/bench/protocol"
)

// For any request a writer returns an error or is ready for a round. Rounds are not tried: their
// release may be far in the future.
func FuzzHandle(f *testing.F) {
	for _, seed := range []string{
		`{"op":"prepare","task":{"scenario":{"exec":"process","journal":"wal","writers":1,` +
			`"busy":"5s","txn":"auto","sync":"full","conn":"held","rows":0,"batch":1,` +
			`"payload":0,"queue":"connection","hold":"0","think":"0","rate":"closed",` +
			`"readers":1,"read":"point","driver":"zombiezen"},` +
			`"role":"writer","number":0,"seed":1}}`,
		`{"op":"prepare","task":{"scenario":{"busy":"queue","batch":-1}}}`,
		`{"op":"prepare","task":{"scenario":{"busy":"none","batch":1000000000000}}}`,
		`{"op":"prepare","task":{"scenario":{"busy":"retry","batch":3,"payload":-7,` +
			`"conn":"pool"}}}`,
		`{"op":"prepare"}`,
		`{"op":"start","release_ns":-1}`,
		`{"op":"unknown"}`,
		"{}", "null", "7", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var r protocol.Request
		if err := json.NewDecoder(strings.NewReader(text)).Decode(&r); err != nil {
			return
		}
		if r.Task != nil {
			r.Task.Database = t.TempDir() + "/none.db"
		}
		var out bytes.Buffer
		s := server{encoder: json.NewEncoder(&out), flush: func() error { return nil }}
		if err := s.handle(r); err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Errorf("the error for %q has no text", text)
		}
		if s.participant != nil {
			if err := s.participant.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// For any input readRequests returns at its end, with exit status 0 or 1.
func FuzzReadRequests(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"op":"start"}{"op":`, "no JSON", "[1]", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		requests := make(chan protocol.Request)
		status := make(chan int, 1)
		go func() {
			defer close(requests)
			status <- readRequests(io.MultiReader(strings.NewReader(text)), requests)
		}()
		for range requests {
		}
		if code := <-status; code != 0 && code != 1 {
			t.Errorf("exit status %d", code)
		}
	})
}
