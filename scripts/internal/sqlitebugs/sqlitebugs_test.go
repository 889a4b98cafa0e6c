package sqlitebugs

import (
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	const race, savepoints, withdrawn = "WAL-reset", "savepoints", "withdrawn"
	for version, want := range map[string][]string{
		"3.6.23":   nil,
		"3.7.0":    {race},
		"3.8.11.1": {race},
		"3.34.1":   {race},
		"3.35.0":   {race, savepoints},
		"3.37.1":   {race, savepoints},
		"3.37.2":   {race},
		"3.40.1":   {race},
		"3.44.5":   {race},
		"3.44.6":   nil, // a backport
		"3.45.0":   {race},
		"3.49.2":   {race},
		"3.50.6":   {race},
		"3.50.7":   nil, // a backport
		"3.51.0":   {race},
		"3.51.2":   {race},
		"3.51.3":   nil,
		"3.52.0":   {withdrawn},
		"3.53.0":   nil,
		"3.54.1":   nil,
		"4.0":      nil,
	} {
		t.Run(version, func(t *testing.T) {
			found, err := Find(version)
			if err != nil || len(found) != len(want) {
				t.Fatalf("got %v, %v, want %q", found, err, want)
			}
			for i, bug := range found {
				if !strings.Contains(bug.name, want[i]) {
					t.Errorf("bug %d is %v, want %s", i, bug, want[i])
				}
			}
		})
	}
}

func TestFindRejectsWhatIsNoVersion(t *testing.T) {
	for _, text := range []string{"", "3", "3.x", "3.40.1-beta", "-3.40", "1.2.3.4.5", "3..1"} {
		if found, err := Find(text); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q has %v, %v", text, found, err)
		}
	}
}
