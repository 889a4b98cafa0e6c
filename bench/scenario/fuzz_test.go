package scenario

import (
	"encoding/json"
	"strings"
	"testing"
)

// Whatever is given for -axes is refused in one line that names it, or read: what is read can be written, read again, and spans scenarios that go
// through JSON unchanged.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", Defaults, "exec=process journal=delete,wal writers=64,500 busy=5s,queue", "busy=none,block,retry,queue:60s,retry:250ms,1ms",
		"writers=0", "writers=1,1", "busy=-1s", "busy=queue:", "journal=wal journal=wal", "=x", "x=", "batch=32767", "payload=999999001", "txn=upgrade\tconn=pool",
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
		first := a.WithDefaults("conn=fresh").WithDefaults(Defaults).Cases()[0]
		wire, err := json.Marshal(first.Scenario)
		var back Scenario
		if err == nil {
			err = json.Unmarshal(wire, &back)
		}
		if err != nil || back != first.Scenario {
			t.Errorf("%q: %+v becomes %+v, %v", text, first.Scenario, back, err)
		}
	})
}
