package terminal

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestWidthOfAFileIsZero(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if n := Width(file); n != 0 {
		t.Errorf("a regular file has %d columns", n)
	}
}

func TestWidthOfATerminalIsItsColumns(t *testing.T) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there are no pseudoterminals here: %v", err)
	}
	defer terminal.Close()
	size := unix.Winsize{Row: 25, Col: 93}
	if err := unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &size); err != nil {
		t.Fatal(err)
	}
	if n := Width(terminal); n != 93 {
		t.Errorf("a terminal of 93 columns has %d", n)
	}
}

func TestFitKeepsTheLastSettings(t *testing.T) {
	for _, c := range []struct {
		name, text string
		columns    int
		want       string
	}{
		{"a text that fits", "X a=1 b=2", 9, "X a=1 b=2"},
		{"one setting too many", "X a=1 b=2", 8, "X … b=2"},
		{"several settings too many", "4s  X aa=11 bb=22 c=3 d=4", 15, "4s  X … c=3 d=4"},
		{"a long last setting", "X a=1 b=123456", 8, "X … b=12"},
		{"one setting", "X a=123456", 8, "X a=1234"},
		{"settings before other words", "X a=1 b=2  2/3", 13, "X … b=2  2/3"},
		{"no settings", "X and words", 8, "X and wo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Fit(c.text, c.columns); got != c.want {
				t.Errorf("is %q, want %q", got, c.want)
			}
		})
	}
}

func TestLineIsCutBelowTheWidth(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"short", "pass 1", "pass 1"},
		{"empty", "", ""},
		{"one column less than the terminal", "123456789", "123456789"},
		{"as wide as the terminal", "1234567890", "123456789"},
		{"wider, of letters of several bytes", "äöüäöüäöüäöü", "äöüäöüäöü"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, want := Line(c.text, 10), "\r\x1b[K"+c.want; got != want {
				t.Errorf("line is %q, want %q", got, want)
			}
		})
	}
}
