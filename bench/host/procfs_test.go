package host

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReadNumber(t *testing.T) {
	path := filepath.Join(t.TempDir(), "number")
	for _, c := range []struct {
		name, text string
		want       int64
		ok         bool
	}{
		{"number and newline", "4194304\n", 4194304, true},
		{"above the largest int64", "18446744073709551615\n", math.MaxInt64, true},
		{"word", "max\n", 0, false},
		{"empty", "", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			writeFile(t, path, c.text)
			if n, err := readNumber(path); n != c.want || (err == nil) != c.ok {
				t.Errorf("%q is %d, %v", c.text, n, err)
			}
		})
	}
}

func TestReadNumbersTakesTheWordAfterEachName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "status")
	writeFile(t, path, "Name:\tgo\nUid:\t7\t8\nThreads:\t12\nVmRSS:\t  340 kB\n")
	numbers, err := readNumbers(path, "Threads:", "Uid:", "VmRSS:")
	if err != nil || len(numbers) != 3 || numbers[0] != 12 || numbers[1] != 7 || numbers[2] != 340 {
		t.Errorf("numbers are %v, %v, want 12, 7 and 340", numbers, err)
	}
	if _, err := readNumbers(path, "Uid:", "Thread"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error of a line that is not there: %v", err)
	}
	if _, err := readNumbers(path, "Name:"); err == nil {
		t.Error("a word is read as a number")
	}
}

func TestParseStat(t *testing.T) {
	const tail = " 1 1 1 0 -1 4194560 5 6 7 8 9 10 11 12 20 0 1 0 "
	for _, c := range []struct {
		name, line, state string
		start             int64
		ok                bool
	}{
		{"plain name", "7 (cat) S" + tail + "4711 5 6 7\n", "S", 4711, true},
		{"space and parentheses in the name", "7 (a) R (b) Z" + tail + "12\n", "Z", 12, true},
		{"too short", "7 (cat) S 1 2 3\n", "", 0, false},
		{"empty", "", "", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := parseStat(c.line)
			if s.state != c.state || s.start != c.start || (err == nil) != c.ok {
				t.Errorf("stat is %+v, %v", s, err)
			}
			if c.ok && s.parent != 1 {
				t.Errorf("parent is %d, want 1", s.parent)
			}
		})
	}
}

func TestCheckProc(t *testing.T) {
	link := func(target string) string {
		path := filepath.Join(t.TempDir(), "self")
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ name, self, want string }{
		{"same PID namespace", link("4711"), ""},
		{"not mounted", filepath.Join(t.TempDir(), "self"), "does not show this process"},
		{"another PID namespace", link("815"), "shows this process as 815, not 4711"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := checkProc(c.self, 4711)
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) ||
				!strings.Contains(err.Error(), "mount -t proc") ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v, want %q and what would be right", err, c.want)
			}
		})
	}
	t.Run("this machine", func(t *testing.T) {
		if err := CheckProc(); err != nil {
			t.Error(err)
		}
	})
}
