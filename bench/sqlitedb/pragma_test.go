package sqlitedb

import (
	"strings"
	"testing"
)

func TestPragmasAreSetAndReadBack(t *testing.T) {
	s := newScenario(t, "pragma.cache_size=-3000 pragma.temp_store=memory")
	c := connect(t, create(t, s), s)
	for name, want := range map[string]string{"cache_size": "-3000", "temp_store": "2"} {
		if got, err := pragma(c.db, name, ""); err != nil || got != want {
			t.Errorf("%s is %q, %v, want %q", name, got, err, want)
		}
	}
}

// SQLite ignores them without an error.
func TestPragmasWithoutEffectAreRejected(t *testing.T) {
	for axes, want := range map[string]string{
		"pragma.cash_size=-3000":         "did you mean cache_size?",
		"pragma.case_sensitive_like=on":  "cannot be read back",
		"pragma.page_size=8192":          "sets pragma.page_size to 4096, not to 8192",
		"pragma.wal_autocheckpoint=-2":   "give a value that it accepts",
		"pragma.zzzzzzzzzzzzzzzzzzzzz=1": "has no pragma",
	} {
		t.Run(axes, func(t *testing.T) {
			s := newScenario(t, axes)
			c, err := Connect(create(t, s), s)
			if err == nil {
				c.Close()
			}
			if err == nil || !strings.Contains(err.Error(), want) ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v, want %q in one line", err, want)
			}
		})
	}
}
