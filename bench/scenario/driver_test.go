package scenario

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The driver is a setting only if it is another one, and part of the names if there are several.
func TestDriversInNamesAndSettings(t *testing.T) {
	axes := complete(mustParse(t, "exec=process journal=wal writers=1 driver=zombiezen,Python"))
	want := []string{
		"exec=process/journal=wal/writers=1/driver=zombiezen",
		"exec=process/journal=wal/writers=1/driver=python",
	}
	if diff := cmp.Diff(want, caseNames(axes.Cases())); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"python"}, axes.OtherDrivers()); diff != "" {
		t.Errorf("other drivers (-want +got):\n%s", diff)
	}
	settings := complete(mustParse(t, "exec=process driver=mine")).Settings()
	if last := settings[len(settings)-1]; last != (Setting{"driver", "mine"}) {
		t.Errorf("the last setting is %+v", last)
	}
	for _, s := range complete(mustParse(t, "driver=zombiezen")).Settings() {
		if s.Key == "driver" {
			t.Errorf("%+v is a setting at its default", s)
		}
	}
}

func TestNamesOfDrivers(t *testing.T) {
	for name, ok := range map[string]bool{
		"python": true, "better-sqlite3": true, "a_1": true,
		"": false, "3": false, "Py": false, "a b": false, "a/b": false, "a=b": false,
		strings.Repeat("a", 33): false,
	} {
		if err := CheckDriver(name); ok != (err == nil) {
			t.Errorf("%q: error is %v", name, err)
		}
	}
}
