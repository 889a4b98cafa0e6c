package scenario

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestParseSpansTheMatrixInOrder(t *testing.T) {
	axes, err := Parse("journal=delete,wal exec=process writers=64,8 busy=none,5s payload=100")
	if err != nil {
		t.Fatal(err)
	}
	axes = axes.WithDefaults("conn=fresh").WithDefaults(Defaults)
	var names []string
	for _, c := range axes.Cases() {
		names = append(names, c.Name)
	}
	want := `exec=process/journal=delete/writers=64/busy=none
exec=process/journal=delete/writers=64/busy=5s
exec=process/journal=delete/writers=8/busy=none
exec=process/journal=delete/writers=8/busy=5s
exec=process/journal=wal/writers=64/busy=none
exec=process/journal=wal/writers=64/busy=5s
exec=process/journal=wal/writers=8/busy=none
exec=process/journal=wal/writers=8/busy=5s`
	if got := strings.Join(names, "\n"); got != want {
		t.Errorf("names:\n%s\nwant:\n%s", got, want)
	}
	first := axes.Cases()[1].Scenario
	wanted := Scenario{Exec: Process, Journal: "delete", Writers: 64, Busy: Busy{Timeout, 5 * time.Second},
		Txn: Auto, Sync: "full", Conn: Fresh, Rows: 0, Batch: 1, Payload: 100}
	if first != wanted {
		t.Errorf("second scenario is %+v, want %+v", first, wanted)
	}
	settings := axes.Settings()
	if len(settings) != 6 || settings[0] != (Setting{"txn", "auto"}) || settings[5] != (Setting{"payload", "100"}) {
		t.Errorf("settings are %v, want txn, sync, conn, rows, batch and payload", settings)
	}
}

func TestDefaultMatrix(t *testing.T) {
	cases := Axes{}.WithDefaults("conn=held").WithDefaults(Defaults).Cases()
	if len(cases) != 2*2*4 {
		t.Errorf("the default matrix has %d cases, want 16", len(cases))
	}
	if got, want := cases[15].Name, "exec=process/journal=wal/writers=256"; got != want {
		t.Errorf("last case is %s, want %s", got, want)
	}
}

func TestCasesButOneAxis(t *testing.T) {
	axes, err := Parse("exec=process writers=3,5 busy=5s,none")
	if err != nil {
		t.Fatal(err)
	}
	cases := axes.WithDefaults("conn=held").WithDefaults(Defaults).CasesExcept("writers")
	if len(cases) != 2*2 {
		t.Errorf("%d cases, want 4", len(cases))
	}
	if got, want := cases[1].Name, "exec=process/journal=delete/busy=none"; got != want || cases[1].Writers != 0 {
		t.Errorf("second case is %s with %d writers, want %s and 0", got, cases[1].Writers, want)
	}
}

func TestWithReplacesValues(t *testing.T) {
	axes, err := Parse("writers=1,8 sync=off")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := axes.Override("writers=3").String(), "writers=3 sync=off"; got != want {
		t.Errorf("With gives %q, want %q", got, want)
	}
	if got, want := axes.String(), "writers=1,8 sync=off"; got != want {
		t.Errorf("With changed its receiver to %q", got)
	}
}

// An error must name the word that is wrong and say what would be right.
func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ text, names, right string }{
		{"speed=fast", `"speed"`, "exec, journal, writers, busy, txn, sync, conn, rows, batch, payload"},
		{"writers", `"writers"`, "axis=value"},
		{"exec=thread", `"thread"`, "goroutine, process"},
		{"journal=wal2", `"wal2"`, "delete, truncate, persist, memory, wal, off"},
		{"journal=WAL", `"WAL"`, "wal"},
		{"writers=0", `"0"`, "from 1"},
		{"writers=-3", `"-3"`, "from 1"},
		{"writers=1.5", `"1.5"`, "whole numbers"},
		{"writers=99999999999999999999", `"99999999999999999999"`, "whole numbers"},
		{"writers=", `""`, "whole numbers"},
		{"writers=1,,2", `""`, "whole numbers"},
		{"writers=8,08", `"08"`, "once"},
		{"busy=5", `"5"`, "none, block, retry, queue"},
		{"busy=0s", `"0s"`, "none"},
		{"busy=500us", `"500us"`, "whole milliseconds"},
		{"busy=1500us", `"1500us"`, "whole milliseconds"},
		{"busy=600h", `"600h"`, "duration"},
		{"busy=-1s", `"-1s"`, "duration"},
		{"busy=5s,5000ms", `"5000ms"`, "once"},
		{"busy=queue:", `"queue:"`, "queue:D"},
		{"busy=retry:soon", `"retry:soon"`, "retry:D"},
		{"busy=queue:500us", `"queue:500us"`, "whole milliseconds"},
		{"busy=none:5s", `"none:5s"`, "none, block"},
		{"busy=5s:5s", `"5s:5s"`, "D is a duration"},
		{"busy=queue,queue:5000ms", `"queue:5000ms"`, "once"},
		{"txn=begin", `"begin"`, "auto, deferred, immediate, exclusive, upgrade"},
		{"batch=0", `"0"`, "from 1"},
		{"batch=40000", `"40000"`, "to 32766"},
		{"sync=on", `"on"`, "off, normal, full, extra"},
		{"conn=sometimes", `"sometimes"`, "fresh, held, pool"},
		{"rows=-1", `"-1"`, "from 0"},
		{"payload=1000000000", `"1000000000"`, "to 999999000"},
		{"writers=1 writers=2", `"writers"`, "once"},
	} {
		_, err := Parse(c.text)
		if err == nil {
			t.Errorf("Parse(%q) took it", c.text)
			continue
		}
		if msg := err.Error(); !strings.Contains(msg, c.names) || !strings.Contains(msg, c.right) || strings.Contains(msg, "\n") {
			t.Errorf("Parse(%q) says %q; want one line with %s and %s", c.text, msg, c.names, c.right)
		}
	}
}

func TestScenarioPassesThroughJSONUnchanged(t *testing.T) {
	for _, busy := range []string{"none", "block", "1ms", "5s", "2147483647ms", "retry", "queue", "retry:250ms", "queue:60s"} {
		axes, err := Parse("busy=" + busy + " rows=7 payload=9")
		if err != nil {
			t.Fatal(err)
		}
		before := axes.WithDefaults("conn=held").WithDefaults(Defaults).Cases()[0].Scenario
		text, err := json.Marshal(before)
		if err != nil {
			t.Fatal(err)
		}
		var after Scenario
		if err := json.Unmarshal(text, &after); err != nil {
			t.Fatal(err)
		}
		if after != before {
			t.Errorf("%s became %+v, was %+v", text, after, before)
		}
	}
}

// A scenario that axes span is in order; one that somebody made up is not.
func TestCheck(t *testing.T) {
	a, err := Parse("exec=process,goroutine journal=delete,wal busy=none,5s,block,retry,queue:60s writers=1,8")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range a.WithDefaults("conn=fresh").WithDefaults(Defaults).Cases() {
		if err := c.Scenario.Validate(); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
		for what, spoil := range map[string]func(*Scenario){
			"batch": func(s *Scenario) { s.Batch = -1 }, "payload": func(s *Scenario) { s.Payload = 1 << 40 },
			"journal": func(s *Scenario) { s.Journal = "wal,delete" }, "exec": func(s *Scenario) { s.Exec = "process journal=off" },
			"sync": func(s *Scenario) { s.Sync = "" }, "busy": func(s *Scenario) { s.Busy = Busy{Policy: "dance"} },
		} {
			bad := c.Scenario
			spoil(&bad)
			if err := bad.Validate(); err == nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: with another %s: %v", c.Name, what, err)
			}
		}
	}
}
