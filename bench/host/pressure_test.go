package host

import (
	"path/filepath"
	"testing"
	"time"
)

func TestReadPressure(t *testing.T) {
	const full = "full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n"
	for _, c := range []struct {
		name, text string
		want       time.Duration
	}{
		{"some and full", "some avg10=1.53 avg60=0.87 avg300=0.73 total=4711\n" + full,
			4711 * time.Microsecond},
		{"only full", full, unknown},
		{"no total", "some avg10=1.53\n", unknown},
		{"a word", "some total=much\n", unknown},
		{"empty", "", unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			writeFile(t, filepath.Join(root, "proc/pressure/io"), c.text)
			if got := readPressure(root, "io"); got != c.want {
				t.Errorf("pressure is %v, want %v", got, c.want)
			}
		})
	}
	t.Run("missing", func(t *testing.T) {
		if got := readPressure(t.TempDir(), "cpu"); got != unknown {
			t.Errorf("pressure is %v, want unknown", got)
		}
	})
}
