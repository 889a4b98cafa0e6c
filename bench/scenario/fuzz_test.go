package scenario

import (
	"encoding/json"
	"strings"
	"testing"
)

// Any text is either rejected with one line or parsed. Parsed axes can be written and parsed again,
// and JSON does not change their scenarios.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", Defaults, "exec=process journal=delete,wal writers=64,500 busy=5s,queue",
		"busy=none,block,retry,queue:60s,retry:250ms,1ms", "writers=0", "writers=1,1", "busy=-1s",
		"busy=queue:", "journal=wal journal=wal", "=x", "x=", "batch=32767", "payload=999999001",
		"txn=upgrade\tconn=pool",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse(text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: more than one line: %v", text, err)
			}
			return
		}
		again, err := Parse(a.String())
		if err != nil || again.String() != a.String() {
			t.Fatalf("%q becomes %q, which becomes %q, %v", text, a, again, err)
		}
		first := complete(a).Cases()[0].Scenario
		if err := first.Validate(); err != nil {
			t.Errorf("%q: scenario %+v: %v", text, first, err)
		}
		wire, err := json.Marshal(first)
		var back Scenario
		if err == nil {
			err = json.Unmarshal(wire, &back)
		}
		if err != nil || back != first {
			t.Errorf("%q: %+v becomes %+v, %v", text, first, back, err)
		}
	})
}
