package host

import (
	"path/filepath"
	"testing"
)

func TestReadTicks(t *testing.T) {
	const two = "cpu  1 1 1 1 1 1 1 1 0 0\n" +
		"cpu0 10 2 3 100 50 4 5 6 7 8\n" +
		"cpu1 20 0 1 200 0 0 9 1 0 0\n" +
		"intr 4711 1 2\nctxt 9\n"
	all := func(int) bool { return true }
	for _, c := range []struct {
		name, text string
		mayUse     func(core int) bool
		want       ticks
		ok         bool
	}{
		{"all cores", two, all, ticks{busy: 36, steal: 7, total: 411}, true},
		{"one core", two, func(core int) bool { return core == 1 },
			ticks{busy: 21, steal: 1, total: 231}, true},
		{"no core of this process", two, func(int) bool { return false }, ticks{}, false},
		{"guest time left out by an old kernel", "cpu0 1 2 3 4 5 6 7 8\n", all,
			ticks{busy: 6, steal: 8, total: 36}, true},
		{"zeros, as in a sandbox", "cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0 0 0\n", all,
			ticks{}, false},
		{"too few fields", "cpu0 1 2 3\n", all, ticks{}, false},
		{"a word", "cpu0 1 2 3 x 5 6 7 8\n", all, ticks{}, false},
		{"empty", "", all, ticks{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			writeFile(t, filepath.Join(root, "proc/stat"), c.text)
			got, err := readTicks(root, c.mayUse)
			if got != c.want || (err == nil) != c.ok {
				t.Errorf("ticks are %+v, %v, want %+v", got, err, c.want)
			}
		})
	}
	t.Run("missing", func(t *testing.T) {
		if got, err := readTicks(t.TempDir(), all); err == nil {
			t.Errorf("ticks are %+v, want an error", got)
		}
	})
}

// The flags of a process of the user have other bits.
func TestTicksOfKernelThreads(t *testing.T) {
	const tail = " 20 0 1 0 4711 0 0\n"
	root := writeTree(t, map[string]string{
		"proc/stat":      "cpu0 10 2 3 100 50 4 5 6\n",
		"proc/2/stat":    "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 1 2 50 60" + tail,
		"proc/19/stat":   "19 (kworker/0:1 (x)) I 2 0 0 0 -1 69238880 0 0 0 0 0 4 50 60" + tail,
		"proc/42/stat":   "42 (cat) S 2 1 1 0 -1 4194560 5 6 7 8 900 900 0 0" + tail,
		"proc/43/stat":   "43 (cut",
		"proc/sys/stat":  "no process",
		"proc/44/status": "State: S",
	})
	got, err := readTicks(root, func(int) bool { return true })
	if err != nil || got.kernel != 7 {
		t.Errorf("ticks are %+v, %v, want 7 in the kernel's threads", got, err)
	}
}
