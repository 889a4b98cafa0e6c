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
