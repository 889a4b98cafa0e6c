package scenario

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func mustParse(t *testing.T, text string) Axes {
	t.Helper()
	a, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// complete fills in the defaults, with conn=fresh.
func complete(a Axes) Axes { return a.WithDefaults("conn=fresh").WithDefaults(Defaults) }

func caseNames(cases []Case) (names []string) {
	for _, c := range cases {
		names = append(names, c.Name)
	}
	return names
}

func TestCasesSpanTheMatrixInOrder(t *testing.T) {
	axes := complete(mustParse(t,
		"journal=delete,wal exec=process writers=64,8 busy=none,5s payload=100"))
	cases := axes.Cases()
	wantNames := []string{
		"exec=process/journal=delete/writers=64/busy=none",
		"exec=process/journal=delete/writers=64/busy=5s",
		"exec=process/journal=delete/writers=8/busy=none",
		"exec=process/journal=delete/writers=8/busy=5s",
		"exec=process/journal=wal/writers=64/busy=none",
		"exec=process/journal=wal/writers=64/busy=5s",
		"exec=process/journal=wal/writers=8/busy=none",
		"exec=process/journal=wal/writers=8/busy=5s",
	}
	if diff := cmp.Diff(wantNames, caseNames(cases)); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	wantScenario := Scenario{
		Exec: Process, Journal: Delete, Writers: 64,
		Busy: Busy{Policy: Timeout, Timeout: 5 * time.Second},
		Txn:  Auto, Sync: Full, Conn: Conn{Kind: Fresh}, Rows: 0, Batch: 1, Payload: 100,
		Queue: AtConnection, Read: Read{Kind: Point}, File: MissingFile, Order: TimeoutFirst,
		Migrate: MigrateOnce, Cache: PrivateCache, Driver: Zombiezen,
	}
	if diff := cmp.Diff(wantScenario, cases[1].Scenario); diff != "" {
		t.Errorf("second scenario (-want +got):\n%s", diff)
	}
	wantSettings := []Setting{
		{"txn", "auto"}, {"sync", "full"}, {"conn", "fresh"}, {"rows", "0"}, {"batch", "1"},
		{"payload", "100"},
	}
	if diff := cmp.Diff(wantSettings, axes.Settings()); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

// The place of the queue is a setting only if it is not the default, and part of the names if it
// has two values.
func TestPlaceOfTheQueueInNamesAndSettings(t *testing.T) {
	for _, c := range []struct {
		axes, names string
		setting     []Setting
	}{
		{"", "exec=process/journal=wal/writers=1", nil},
		{"queue=connection", "exec=process/journal=wal/writers=1", nil},
		{
			"queue=transaction", "exec=process/journal=wal/writers=1",
			[]Setting{{"queue", "transaction"}},
		},
		{
			"queue=connection,transaction",
			"exec=process/journal=wal/writers=1/queue=connection " +
				"exec=process/journal=wal/writers=1/queue=transaction", nil,
		},
	} {
		t.Run(c.axes, func(t *testing.T) {
			axes := complete(mustParse(t,
				"exec=process journal=wal writers=1 busy=queue "+c.axes))
			if err := axes.Check(); err != nil {
				t.Error(err)
			}
			if names := strings.Join(caseNames(axes.Cases()), " "); names != c.names {
				t.Errorf("names are %s, want %s", names, c.names)
			}
			var setting []Setting
			for _, s := range axes.Settings() {
				if s.Key == "queue" {
					setting = append(setting, s)
				}
			}
			if diff := cmp.Diff(c.setting, setting); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckRejectsAPlaceOfTheQueueWithoutAQueue(t *testing.T) {
	for axes, ok := range map[string]bool{
		"queue=transaction":                          false,
		"queue=connection,transaction busy=5s":       false,
		"queue=transaction busy=retry,none":          false,
		"queue=transaction busy=queue:60s":           true,
		"queue=connection,transaction busy=5s,queue": true,
		"busy=5s": true,
		"":        true,
	} {
		t.Run(axes, func(t *testing.T) {
			err := mustParse(t, axes).Check()
			if ok != (err == nil) {
				t.Errorf("error is %v", err)
			}
			if err != nil && !strings.Contains(err.Error(), "without busy=queue") {
				t.Errorf("error %q does not say what is missing", err)
			}
		})
	}
}

func TestCheckRejectsATimeInATransactionWithoutBegin(t *testing.T) {
	for axes, ok := range map[string]bool{
		"hold=20ms":                       false,
		"hold=0,20ms txn=auto,immediate":  false,
		"hold=20ms:cpu txn=auto":          false,
		"hold=0,20ms txn=immediate":       true,
		"hold=0":                          true,
		"txn=auto,immediate hold=0s":      true,
		"think=20ms":                      true,
		"hold=1ms txn=deferred,exclusive": true,
	} {
		t.Run(axes, func(t *testing.T) {
			err := mustParse(t, axes).Check()
			if ok != (err == nil) {
				t.Errorf("error is %v", err)
			}
			if err != nil && !strings.Contains(err.Error(), "give txn other values") {
				t.Errorf("error %q does not say what would be right", err)
			}
		})
	}
}

func TestPoliciesWithAnInterval(t *testing.T) {
	for word, want := range map[string]string{
		"poll:1ms": "poll:1ms", "poll:1ms:5s": "poll:1ms", "poll:2ms:1m": "poll:2ms:1m0s",
		"retry:1ms-20ms": "retry:1ms-20ms", "retry:0-1ms:5s": "retry:0s-1ms",
		"retry:1ms-20ms:60s": "retry:1ms-20ms:1m0s", "retry:500us-1ms": "retry:500µs-1ms",
		"retry:-": "", "retry:20ms-1ms": "", "retry:1ms-1ms": "", "retry:1ms-20ms:": "",
		"retry:1ms-6s": "", "queue:1ms-20ms": "", "retry:1ms-20ms:60s:1s": "",
		"poll": "", "poll:": "", "poll:0": "", "poll:500us": "", "poll:1ms:": "",
		"poll:2s:1s": "", "poll:1ms:5s:5s": "",
		"lease:2ms": "lease:2ms", "lease:2ms:5s": "lease:2ms", "lease:2ms:1m": "lease:2ms:1m0s",
		"lease": "", "lease:0": "", "lease:2s:1s": "",
	} {
		t.Run(word, func(t *testing.T) {
			var b Busy
			policy, _, _ := strings.Cut(word, ":")
			err := b.UnmarshalText([]byte(word))
			if want == "" {
				if err == nil || !strings.Contains(err.Error(), policy+":") {
					t.Errorf("%+v, error is %v", b, err)
				}
				return
			}
			if err != nil || b.String() != want || b.Policy != policy {
				t.Errorf("%+v, %v, want %s", b, err, want)
			}
		})
	}
}

func TestRates(t *testing.T) {
	for word, want := range map[string]string{
		"closed": "closed", "300": "300", "0.5": "0.5", "1000000": "1000000", "CLOSED": "closed",
		"0": "", "-1": "", "1000001": "", "NaN": "", "Inf": "", "many": "", "10/s": "",
	} {
		t.Run(word, func(t *testing.T) {
			s, err := Single("rate="+word, "writers=1 exec=process journal=wal conn=held")
			if want == "" {
				if err == nil || !strings.Contains(err.Error(), "such as 50 or 0.5") {
					t.Errorf("rate is %v, error is %v", s.Rate, err)
				}
				return
			}
			if err != nil || s.Rate.String() != want {
				t.Errorf("rate is %v, %v, want %s", s.Rate, err, want)
			}
		})
	}
}

func TestCheckRejectsPausesWithARate(t *testing.T) {
	for axes, ok := range map[string]bool{
		"think=1ms rate=50": false, "think=0,1ms rate=closed,50": false,
		"think=1ms rate=closed": true, "think=0 rate=50": true,
	} {
		if err := mustParse(t, axes).Check(); ok != (err == nil) {
			t.Errorf("%s: error is %v", axes, err)
		}
	}
}

func TestPauses(t *testing.T) {
	for axes, want := range map[string]string{
		"hold=0": "0", "hold=0s": "0", "hold=20ms": "20ms", "hold=1500ms:cpu": "1.5s:cpu",
		"hold=1h": "1h0m0s",
		"hold=":   "", "hold=20": "", "hold=-1ms": "", "hold=0:cpu": "", "hold=61m": "",
		"hold=20ms:gpu": "", "think=20ms:cpu": "",
	} {
		t.Run(axes, func(t *testing.T) {
			s, err := Single(axes, "writers=1 exec=process journal=wal conn=held")
			if want == "" {
				if err == nil || !strings.Contains(err.Error(), "such as 20ms") {
					t.Errorf("error is %v", err)
				}
				return
			}
			if err != nil || s.Hold.String() != want {
				t.Errorf("hold is %v, %v, want %s", s.Hold, err, want)
			}
		})
	}
}

func TestAnAxisThatABenchmarkLeavesOut(t *testing.T) {
	axes := complete(mustParse(t, "think=0,1s writers=2").Without("think"))
	for _, c := range axes.Cases() {
		if c.Think != (Pause{}) || strings.Contains(c.Name, "think") {
			t.Errorf("%s has think=%v", c.Name, c.Think)
		}
	}
}

func TestTheWordsOfCheckpointAndIntruder(t *testing.T) {
	for word, want := range map[string]Checkpoint{
		"auto": {}, "auto:50": {Pages: 50}, "off": {Mode: Off},
		"passive:1s":     {Mode: "passive", Every: time.Second},
		"truncate:250ms": {Mode: "truncate", Every: 250 * time.Millisecond},
	} {
		t.Run("checkpoint="+word, func(t *testing.T) {
			var got Checkpoint
			if err := got.UnmarshalText([]byte(word)); err != nil || got != want {
				t.Errorf("%+v, %v, want %+v", got, err, want)
			}
			if text := got.String(); text != word {
				t.Errorf("the word of %+v is %q", got, text)
			}
		})
	}
	for word, want := range map[string]Intruder{
		"none": {}, "backup": {Kind: Backup}, "vacuum": {Kind: Vacuum},
		"bulk:50": {Kind: Bulk, Rows: 50}, "lock:6s": {Kind: Lock, Length: 6 * time.Second},
		"read:1m30s": {Kind: LongRead, Length: 90 * time.Second},
	} {
		t.Run("intruder="+word, func(t *testing.T) {
			var got Intruder
			if err := got.UnmarshalText([]byte(word)); err != nil || got != want {
				t.Errorf("%+v, %v, want %+v", got, err, want)
			}
			if text := got.String(); text != word {
				t.Errorf("the word of %+v is %q", got, text)
			}
		})
	}
}

func TestOnlySomeScenariosHaveOtherParticipants(t *testing.T) {
	for axes, want := range map[string]int{
		"": 0, "readers=3": 3, "journal=wal checkpoint=off": 0, "journal=wal checkpoint=auto:9": 0,
		"journal=wal checkpoint=full:1s": 1, "intruder=vacuum": 1,
		"journal=wal readers=2 checkpoint=full:1s intruder=lock:1s": 4,
	} {
		t.Run(axes, func(t *testing.T) {
			s := complete(mustParse(t, axes+" writers=5")).Cases()[0].Scenario
			if s.Others() != want || s.Participants() != 5+want {
				t.Errorf("%d others, %d participants", s.Others(), s.Participants())
			}
		})
	}
}

func TestCheckRejectsCheckpointsWithoutALog(t *testing.T) {
	for axes, want := range map[string]string{
		"checkpoint=auto journal=delete":                          "",
		"checkpoint=off journal=wal":                              "",
		"checkpoint=off":                                          "give journal=wal",
		"checkpoint=passive:1s journal=delete":                    "no effect with journal=delete",
		"checkpoint=auto,off journal=delete,wal":                  "no effect with journal=delete",
		"checkpoint=auto:9 journal=wal pragma.cache_size=9":       "",
		"checkpoint=auto journal=wal pragma.wal_autocheckpoint=9": "",
		"checkpoint=off journal=wal pragma.wal_autocheckpoint=9":  "give one of the two",
	} {
		t.Run(axes, func(t *testing.T) {
			err := mustParse(t, axes).Check()
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("error is %v, want %q in it", err, want)
			}
		})
	}
}

func TestCheckRejectsAKindOfReadWithoutReaders(t *testing.T) {
	for axes, ok := range map[string]bool{
		"read=scan":                    false,
		"read=point":                   true,
		"read=point,scan":              false,
		"read=scan readers=0":          false,
		"read=hold:5s readers=00":      false,
		"read=scan readers=0,16":       true,
		"read=point,hold:1s readers=1": true,
		"readers=4":                    true,
		"readers=0":                    true,
	} {
		t.Run(axes, func(t *testing.T) {
			err := mustParse(t, axes).Check()
			if ok != (err == nil) {
				t.Errorf("error is %v", err)
			}
			if err != nil && !strings.Contains(err.Error(), "no effect without readers") {
				t.Errorf("error %q does not say what is missing", err)
			}
		})
	}
}

// Readers are a setting only if there are any, and part of the names if their number varies.
func TestReadersInNamesAndSettings(t *testing.T) {
	axes := complete(mustParse(t, "exec=process journal=wal writers=1 readers=0,16 read=scan"))
	cases := axes.Cases()
	want := []string{
		"exec=process/journal=wal/writers=1/readers=0",
		"exec=process/journal=wal/writers=1/readers=16",
	}
	if diff := cmp.Diff(want, caseNames(cases)); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if s := cases[1].Scenario; s.Participants() != 17 || s.Read != (Read{Kind: Scan}) {
		t.Errorf("second scenario is %+v", s)
	}
	settings := axes.Settings()
	if last := settings[len(settings)-1]; last != (Setting{"read", "scan"}) {
		t.Errorf("the last setting is %+v", last)
	}
	for _, s := range complete(mustParse(t, "writers=1")).Settings() {
		if s.Key == "readers" || s.Key == "read" {
			t.Errorf("%+v is a setting at its default", s)
		}
	}
}

func TestDefaultMatrix(t *testing.T) {
	cases := complete(Axes{}).Cases()
	if len(cases) != 2*2*4 {
		t.Errorf("the default matrix has %d cases, want 16", len(cases))
	}
	if got, want := cases[15].Name, "exec=process/journal=wal/writers=256"; got != want {
		t.Errorf("last case is %s, want %s", got, want)
	}
}

func TestCasesExceptOneAxis(t *testing.T) {
	axes := complete(mustParse(t, "exec=process writers=3,5 busy=5s,none"))
	cases := axes.CasesExcept("writers")
	if len(cases) != 2*2 {
		t.Errorf("%d cases, want 4", len(cases))
	}
	want := "exec=process/journal=delete/busy=none"
	if got := cases[1]; got.Name != want || got.Writers != 0 {
		t.Errorf("second case is %s with %d writers, want %s and 0", got.Name, got.Writers, want)
	}
}

func TestOverrideReplacesValuesInACopy(t *testing.T) {
	axes := mustParse(t, "writers=1,8 sync=off")
	if got, want := axes.Override("writers=3").String(), "writers=3 sync=off"; got != want {
		t.Errorf("Override returns %q, want %q", got, want)
	}
	if got, want := axes.String(), "writers=1,8 sync=off"; got != want {
		t.Errorf("Override changed its receiver to %q, want %q", got, want)
	}
}

// An error must quote the word that is wrong and say what would be right.
func TestParseRejects(t *testing.T) {
	for _, c := range []struct{ text, quotes, right string }{
		{
			"speed=fast", `"speed"`,
			"exec, journal, writers, busy, txn, sync, conn, rows, batch, payload, queue",
		},
		{"writers", `"writers"`, "axis=value"},
		{"exec=thread", `"thread"`, "goroutine, process"},
		{"journal=wal2", `"wal2"`, "delete, truncate, persist, memory, wal, off"},
		{"journal=wal,WAL", `"wal"`, "once"},
		{"exec=goroutines", `"goroutines"`, "did you mean goroutine?"},
		{"txn=begin-immediate", `"begin-immediate"`, "did you mean immediate?"},
		{"sync=1", `"1"`, "did you mean normal?"},
		{"busy=que", `"que"`, "did you mean queue?"},
		{"busy=5000", `"5000"`, "did you mean 5s, 5000 ms?"},
		{"busy=5", `"5"`, "did you mean 5s, or 5ms?"},
		{"busy=250", `"250"`, "did you mean 250ms, 250 ms?"},
		{"busy=5x", `"5x"`, "did you mean 5s, or 5ms?"},
		{"busy=250x", `"250x"`, "did you mean 250ms?"},
		{"busy=30sec", `"30sec"`, "did you mean 30s?"},
		{"busy=1min", `"1min"`, "did you mean 1m?"},
		{"busy=retry:5x", `"retry:5x"`, "did you mean retry:5s, or retry:5ms?"},
		{"busy=none:5x", `"none:5x"`, "did you mean none?"},
		{"busy=-5", `"-5"`, "it takes none"},
		{"writters=4", `"writters"`, "did you mean writers?"},
		{"writers = 200", `"writers = 200"`, `did you mean "writers=200"?`},
		{"exec=process writers=200, 400", "space", `did you mean "exec=process writers=200,400"?`},
		{"writers=200 ,400", "space", `did you mean "writers=200,400"?`},
		{"writers = lots", `"writers"`, "axis=value"},
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
		{"conn=pool:0", `"pool:0"`, "from 1 to 10000"},
		{"conn=pool:10001", `"pool:10001"`, "from 1 to 10000"},
		{"conn=pool:", `"pool:"`, "pool:K"},
		{"conn=held:2", `"held:2"`, "held"},
		{"conn=pool,pool:1", `"pool:1"`, "once"},
		{"rows=-1", `"-1"`, "from 0"},
		{"payload=1000000000", `"1000000000"`, "to 999999000"},
		{"readers=-1", `"-1"`, "from 0"},
		{"read=scans", `"scans"`, "did you mean scan?"},
		{"read=hold", `"hold"`, "hold:D"},
		{"read=hold:0s", `"hold:0s"`, "duration"},
		{"read=hold:2h", `"hold:2h"`, "up to 1h"},
		{"read=scan:2s", `"scan:2s"`, "point, scan, hold:D"},
		{"read=hold:1s,hold:1000ms", `"hold:1000ms"`, "once"},
		{"queue=begin", `"begin"`, "connection, transaction"},
		{"checkpoint=pasive:1s", `"pasive:1s"`, "passive:1s"},
		{"checkpoint=passive", `"passive"`, "did you mean passive:1s?"},
		{"checkpoint=passive:0s", `"passive:0s"`, "interval of up to 1h"},
		{"checkpoint=full:2h", `"full:2h"`, "interval of up to 1h"},
		{"checkpoint=auto:0", `"auto:0"`, "auto:PAGES"},
		{"checkpoint=off:1s", `"off:1s"`, "off"},
		{"intruder=lock", `"lock"`, "did you mean lock:6s?"},
		{"busy=lease", `"lease"`, "did you mean lease:4ms?"},
		{"intruder=lock:0s", `"lock:0s"`, "duration"},
		{"intruder=read:2h", `"read:2h"`, "up to 1h"},
		{"intruder=bulk:0", `"bulk:0"`, "bulk:ROWS"},
		{"intruder=bulk:1000001", `"bulk:1000001"`, "up to 1000000 rows"},
		{"intruder=vacuum:1s", `"vacuum:1s"`, "vacuum"},
		{"intruder=vaccum", `"vaccum"`, "did you mean vacuum?"},
		{"writers=1 writers=2", `"writers"`, "once"},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, err := Parse(c.text)
			if err == nil {
				t.Fatal("no error")
			}
			msg := err.Error()
			if !strings.Contains(msg, c.quotes) || !strings.Contains(msg, c.right) ||
				strings.Contains(msg, "\n") {
				t.Errorf("error is %q, want one line with %s and %s", msg, c.quotes, c.right)
			}
		})
	}
}

func TestScenarioIsUnchangedByJSON(t *testing.T) {
	for _, busy := range []string{
		"none", "block", "1ms", "5s", "2147483647ms", "retry", "queue", "retry:250ms", "queue:60s",
	} {
		t.Run(busy, func(t *testing.T) {
			before := complete(mustParse(t,
				"busy="+busy+" rows=7 payload=9 readers=3 read=hold:1.5s "+
					"journal=wal checkpoint=full:250ms intruder=bulk:12")).Cases()[0].Scenario
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
		})
	}
}

func TestValidateAcceptsEveryCase(t *testing.T) {
	axes := mustParse(t, "exec=process,goroutine journal=delete,wal "+
		"busy=none,5s,block,retry,queue:60s writers=1,8")
	for _, c := range complete(axes).Cases() {
		if err := c.Scenario.Validate(); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}

func TestParseTakesCapitalLetters(t *testing.T) {
	axes, err := Parse("journal=WAL,Delete sync=NORMAL txn=IMMEDIATE writers=1 busy=queue")
	if err != nil {
		t.Fatal(err)
	}
	want := "journal=wal,delete writers=1 busy=queue txn=immediate sync=normal"
	if axes.String() != want {
		t.Errorf("axes are %q, want %q", axes, want)
	}
	if got := complete(axes).Cases()[0].Scenario.Journal; got != WAL {
		t.Errorf("journal is %q", got)
	}
}

// No axes select these scenarios. An error must quote the value that is wrong.
func TestValidateRejects(t *testing.T) {
	invalid := map[string]struct {
		change func(*Scenario)
		quotes string
	}{
		"zero writers":     {func(s *Scenario) { s.Writers = 0 }, `"0"`},
		"negative batch":   {func(s *Scenario) { s.Batch = -1 }, `"-1"`},
		"large payload":    {func(s *Scenario) { s.Payload = 1 << 40 }, `"1099511627776"`},
		"two journals":     {func(s *Scenario) { s.Journal = "wal,delete" }, `"wal,delete"`},
		"two axes in one":  {func(s *Scenario) { s.Sync = "off txn=auto" }, `"off txn=auto"`},
		"line break":       {func(s *Scenario) { s.Txn = "auto\n" }, `"auto\n"`},
		"empty sync":       {func(s *Scenario) { s.Sync = "" }, `""`},
		"unknown policy":   {func(s *Scenario) { s.Busy = Busy{Policy: "dance"} }, `"dance"`},
		"duration as name": {func(s *Scenario) { s.Busy = Busy{Policy: "5s"} }, `"5s"`},
		"none with timeout": {
			func(s *Scenario) { s.Busy = Busy{Policy: None, Timeout: time.Second} }, `"none"`,
		},
		"zero timeout":    {func(s *Scenario) { s.Busy = Busy{Policy: Timeout} }, `"0s"`},
		"unbounded queue": {func(s *Scenario) { s.Busy = Busy{Policy: Queue} }, `"queue:0s"`},
	}
	axes := mustParse(t, "exec=process,goroutine journal=delete,wal "+
		"busy=none,5s,block,retry,queue:60s writers=1,8")
	for _, c := range complete(axes).Cases() {
		for _, name := range slices.Sorted(maps.Keys(invalid)) {
			t.Run(c.Name+"/"+name, func(t *testing.T) {
				s := c.Scenario
				invalid[name].change(&s)
				err := s.Validate()
				if err == nil {
					t.Fatal("no error")
				}
				msg := err.Error()
				if !strings.Contains(msg, invalid[name].quotes) || strings.Contains(msg, "\n") {
					t.Errorf("error is %q, want one line with %s", msg, invalid[name].quotes)
				}
			})
		}
	}
}

func TestSingle(t *testing.T) {
	s, err := Single("writers=7", "exec=process journal=wal writers=1 conn=held")
	if err != nil || s.Writers != 7 || s.Exec != Process || s.Journal != WAL || s.Batch != 1 {
		t.Errorf("scenario is %+v, %v", s, err)
	}
	for name, axes := range map[string]string{
		"two values": "writers=1,2",
		"a bad axis": "speed=9",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Single(axes, "exec=process journal=wal conn=held"); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestAtDefault(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "rate=closed": true, "rate=50": false, "rate=closed,50": false, "think=1ms": true,
	} {
		t.Run(text, func(t *testing.T) {
			axes, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if got := axes.AtDefault("rate"); got != want {
				t.Errorf("rate is at its default: %v, want %v", got, want)
			}
		})
	}
}
