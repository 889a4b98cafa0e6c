package scenario

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPragmasInNamesAndSettings(t *testing.T) {
	axes := complete(mustParse(t,
		"writers=2 pragma.temp_store=2 pragma.cache_size=-2000,-64000 exec=process journal=wal"))
	cases := axes.Cases()
	if len(cases) != 2 || cases[1].Name !=
		"exec=process/journal=wal/writers=2/pragma.cache_size=-64000" {
		t.Fatalf("cases are %+v", cases)
	}
	if got, want := cases[1].Pragmas, Pragmas("cache_size=-64000 temp_store=2"); got != want {
		t.Errorf("pragmas are %q, want %q", got, want)
	}
	settings := axes.Settings()
	if last := settings[len(settings)-1]; last != (Setting{"pragma.temp_store", "2"}) {
		t.Errorf("the last setting is %+v", last)
	}
	if again := mustParse(t, axes.String()); again.String() != axes.String() {
		t.Errorf("%q becomes %q", axes, again)
	}
	if err := cases[1].Validate(); err != nil {
		t.Error(err)
	}
}

func TestPragmasInJSON(t *testing.T) {
	s := complete(mustParse(t, "writers=2")).Cases()[0].Scenario
	s.Pragmas = "cache_size=-2000 temp_store=2"
	text, err := json.Marshal(s)
	if want := `"pragmas":{"cache_size":"-2000","temp_store":"2"}`; err != nil ||
		!strings.Contains(string(text), want) {
		t.Fatalf("%s, %v, want %s", text, err, want)
	}
	var again Scenario
	if err := json.Unmarshal(text, &again); err != nil || again.Pragmas != s.Pragmas {
		t.Errorf("%q, %v, want %q", again.Pragmas, err, s.Pragmas)
	}
	s.Pragmas = ""
	if text, err = json.Marshal(s); err != nil || strings.Contains(string(text), "pragmas") {
		t.Errorf("without pragmas: %s, %v", text, err)
	}
}

func TestBadPragmaAxes(t *testing.T) {
	for axes, want := range map[string]string{
		"pragma.journal_mode=wal":   `is given as "journal"`,
		"pragma.synchronous=1":      `is given as "sync"`,
		"pragma.busy_timeout=5000":  `is given as "busy"`,
		"pragma.=1":                 "such as pragma.cache_size",
		"pragma.Cache-Size=1":       "such as pragma.cache_size",
		"pragma.cache_size=":        "a word or a number",
		"pragma.cache_size=1;DROP":  "a word or a number",
		"pragma.cache_size=1,1":     "duplicate value",
		"pragmas.cache_size=-64000": "pragma.NAME",
	} {
		t.Run(axes, func(t *testing.T) {
			if _, err := Parse(axes); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error is %v, want %q in it", err, want)
			}
		})
	}
}

func TestReceivedPragmasAreValidated(t *testing.T) {
	s := complete(mustParse(t, "writers=2")).Cases()[0].Scenario
	for _, pragmas := range []Pragmas{"journal_mode=off", "a=1;b", "x y"} {
		s.Pragmas = pragmas
		if err := s.Validate(); err == nil {
			t.Errorf("%q is valid", pragmas)
		}
	}
}
