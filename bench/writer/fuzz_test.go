package writer

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"busybench/bench/protocol"
)

// Whatever a parent says, a writer answers with an error or obeys, and ends with its input. Of a start only the refusal is tried: an instant may be far.
func FuzzObey(f *testing.F) {
	for _, seed := range []string{
		`{"op":"prepare","task":{"scenario":{"exec":"process","journal":"wal","writers":1,"busy":"5s","txn":"auto","sync":"full","conn":"held","rows":0,"batch":1,"payload":0},"writer":0,"seed":1}}`,
		`{"op":"prepare","task":{"scenario":{"busy":"queue","batch":-1}}}`, `{"op":"prepare","task":{"scenario":{"busy":"none","batch":1000000000000}}}`,
		`{"op":"prepare","task":{"scenario":{"busy":"retry","batch":3,"payload":-7,"conn":"pool"}}}`, `{"op":"prepare"}`, `{"op":"start","at":-1}`, `{"op":"dance"}`, "{}", "null", "7", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var c protocol.Request
		if err := json.NewDecoder(strings.NewReader(text)).Decode(&c); err != nil {
			return
		}
		if c.Task != nil {
			c.Task.Database = t.TempDir() + "/none.db"
		}
		var out bytes.Buffer
		s := server{encoder: json.NewEncoder(&out), flush: func() error { return nil }}
		if err := s.handle(c); err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Errorf("%q is refused without a word", text)
		}
		if s.writer != nil {
			if err := s.writer.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// Whatever comes in, reading ends with it, with a status that says whether it was in order.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"op":"start"}{"op":`, "no JSON", "[1]", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		commands := make(chan protocol.Request)
		read := func() (code int) {
			defer close(commands)
			return readRequests(io.MultiReader(strings.NewReader(text)), commands)
		}
		status := make(chan int, 1)
		go func() { status <- read() }()
		for range commands {
		}
		if code := <-status; code != 0 && code != 1 {
			t.Errorf("exit status %d", code)
		}
	})
}
