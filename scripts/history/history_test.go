package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
)

// repository is a git repository with a snapshot, results/x.txt.
type repository struct {
	*testing.T
	dir, path string
}

// newDir returns a directory that is in no repository, with results in it.
func newDir(t *testing.T) *repository {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git:", err)
	}
	dir := t.TempDir()
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull,
		"GIT_CEILING_DIRECTORIES": filepath.Dir(dir), "GIT_AUTHOR_DATE": "2026-11-20T10:00:00Z",
		"GIT_COMMITTER_DATE": "2026-11-20T10:00:00Z",
	} {
		t.Setenv(name, value)
	}
	r := &repository{t, dir, filepath.Join(dir, "results", "x.txt")}
	if err := os.Mkdir(filepath.Dir(r.path), 0o700); err != nil {
		t.Fatal(err)
	}
	return r
}

func newRepository(t *testing.T) *repository {
	t.Helper()
	r := newDir(t)
	r.git("init", "-q")
	return r
}

func (r *repository) git(args ...string) string {
	r.Helper()
	args = append([]string{"-c", "user.name=x", "-c", "user.email=x@example.com"}, args...)
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.Fatalf("git %v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *repository) write(text string) {
	r.Helper()
	if err := os.WriteFile(r.path, []byte(text), 0o600); err != nil {
		r.Fatal(err)
	}
}

// commit commits a version of the snapshot, and returns the short hash.
func (r *repository) commit(text string) string {
	r.Helper()
	r.write(text)
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", "version")
	return r.git("rev-parse", "--short", "HEAD")
}

// run returns what the settings print.
func (r *repository) run(settings ...string) (string, error) {
	var out strings.Builder
	err := run(r.Context(), &out, golden.Getenv(append(settings, "LABEL", r.path)...))
	return out.String(), err
}

func (r *repository) mustRun(settings ...string) string {
	r.Helper()
	text, err := r.run(settings...)
	if err != nil {
		r.Fatal(err)
	}
	return text
}

// content is what a version of the snapshot holds.
type content struct {
	revision, day, kernel string
	rates                 []float64 // of the first run of each journal mode
	lockErrors            int
}

// text returns a snapshot with eight runs, whose rates differ by a few percent.
func (c content) text() string {
	var text strings.Builder
	text.WriteString("# make bench LABEL='x'\n")
	if c.revision != "" {
		fmt.Fprintf(&text, "# revision %s\n", c.revision)
	}
	if c.day != "" {
		fmt.Fprintf(&text, "# begun %sT10:00:00Z\n", c.day)
	}
	fmt.Fprintf(&text, "filesystem: ext4\nkernel: %s\ncores: 2\nround: 1s\n", c.kernel)
	for i := range 8 {
		text.WriteString("# disk before: 3000 appends of a frame with fsync per second\n")
		for j, rate := range c.rates {
			fmt.Fprintf(&text, "BenchmarkBurst/exec=process/journal=%s/writers=8-2 1 %g inserts/s "+
				"1000000 p99-ns %d lockerrs 100 attempts\n", []string{"delete", "wal"}[j],
				rate*(1+float64(i)/100), c.lockErrors)
		}
	}
	return text.String()
}

// lines returns the lines of a table, without repeated spaces.
func lines(text string) string {
	return regexp.MustCompile(`(?m)^ +| +$`).ReplaceAllString(
		regexp.MustCompile(` +`).ReplaceAllString(text, " "), "")
}

func requireLine(t *testing.T, text, want string) {
	t.Helper()
	if !regexp.MustCompile(`(?m)^` + want + `$`).MatchString(lines(text)) {
		t.Errorf("no line %q in\n%s", want, text)
	}
}

func TestAChangeBeyondDoubtIsMarked(t *testing.T) {
	r := newRepository(t)
	r.commit(content{"aaa1111", "2026-11-01", "6.1", []float64{1000, 3000}, 0}.text())
	r.commit(content{"bbb2222", "2026-11-02", "6.1", []float64{500, 3010}, 0}.text())
	r.commit(content{"ccc3333", "2026-11-03", "6.1", []float64{1000, 3000}, 0}.text())
	text := r.mustRun()
	for _, want := range []string{
		`Burst exec=process journal=delete writers=8`,
		`aaa1111 2026-11-01 1,035 ±[34]%`,
		`bbb2222 2026-11-02 518 ±[34]% 0\.50x \[0\.4\d, 0\.5\d\] lower`,
		`ccc3333 2026-11-03 1,035 ±[34]% 2\.0x \[1\.9\d?, 2\.1\d?\] higher`,
		`bbb2222 2026-11-02 3,115 ±[34]% 1\.00x \[0\.9\d, 1\.0\d\]`,
	} {
		requireLine(t, text, want)
	}
	svg, err := os.ReadFile(strings.TrimSuffix(r.path, "txt") + "history.svg")
	if err != nil {
		t.Fatal(err)
	}
	picture := golden.SVGSummary(t, string(svg))
	for _, want := range []string{
		"process, delete: 1,035 at aaa1111 (", ", 518 at bbb2222 (", ", 1,035 at ccc3333 (",
		"Burst exec=process journal=delete writers=8: lower, 0.50x [", "at bbb2222.",
		"Burst writers=8",
	} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %q in\n%s", want, picture)
		}
	}
	golden.CheckText(t, string(svg))
}

func TestOtherMachinesHaveALineOfTheirOwn(t *testing.T) {
	r := newRepository(t)
	r.commit(content{"aaa1111", "2026-11-01", "6.1", []float64{1000}, 0}.text())
	r.commit(content{"bbb2222", "2026-11-02", "6.9", []float64{100}, 0}.text())
	r.commit(content{"ccc3333", "2026-11-03", "6.1", []float64{1010}, 0}.text())
	text := r.mustRun()
	requireLine(t, text, `bbb2222 2026-11-02 104 ±[34]%`) // compared with nothing
	requireLine(t, text, `ccc3333 2026-11-03 1,045 ±[34]% 1\.01x \[.*\]`)
	requireLine(t, text, `Burst exec=process journal=delete writers=8, on another machine or with `+
		`other`)
	requireLine(t, text, `settings: kernel: 6\.9`)
	if strings.Contains(text, "lower") && !strings.Contains(text, "higher, lower:") {
		t.Errorf("two machines are compared:\n%s", text)
	}
	svg, err := os.ReadFile(strings.TrimSuffix(r.path, "txt") + "history.svg")
	if err != nil {
		t.Fatal(err)
	}
	picture := golden.SVGSummary(t, string(svg))
	for _, want := range []string{
		"process, delete (machine or settings 2): 104 at bbb2222 (",
		"process, delete: 1,035 at aaa1111 (",
	} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %q in\n%s", want, picture)
		}
	}
	if !strings.Contains(strings.Join(strings.Fields(text), " "),
		`aaa1111, then bbb2222: the snapshots differ in kernel: "6.1", then "6.9".`) {
		t.Errorf("no warning in\n%s", text)
	}
}

// The commit that stored a snapshot and its date stand for those that it does not state.
func TestASnapshotWithoutARevisionHasThatOfItsCommit(t *testing.T) {
	r := newRepository(t)
	hash := r.commit(content{"", "", "6.1", []float64{1000}, 0}.text())
	requireLine(t, r.mustRun(), hash+` 2026-11-20 1,035 ±[34]%`)
}

func TestTheSameMeasurementIsOnePoint(t *testing.T) {
	r := newRepository(t)
	c := content{"aaa1111", "2026-11-01", "6.1", []float64{1000}, 0}
	r.commit(c.text())
	r.commit(c.text() + "# a comment\n")
	if text := r.mustRun(); strings.Count(text, "aaa1111") != 1 {
		t.Errorf("printed\n%s", text)
	}
}

func TestRowsThatRefuseAreNotCompared(t *testing.T) {
	r := newRepository(t)
	r.commit(content{"aaa1111", "2026-11-01", "6.1", []float64{1000}, 0}.text())
	r.commit(content{"bbb2222", "2026-11-02", "6.1", []float64{100}, 50}.text())
	requireLine(t, r.mustRun(), `bbb2222 2026-11-02 \(104 ±[34]%\) \(0\.10x \[.*\]\)`)
}

func TestSeveralUnitsHaveAPictureEach(t *testing.T) {
	r := newRepository(t)
	r.commit(content{"aaa1111", "2026-11-01", "6.1", []float64{1000}, 0}.text())
	text := r.mustRun("UNITS", "inserts/s p99-ns", "BENCH", "Burst")
	for _, name := range []string{"x.history.inserts-per-s.svg", "x.history.p99-ns.svg"} {
		if _, err := os.Stat(filepath.Join(filepath.Dir(r.path), name)); err != nil ||
			!strings.Contains(text, name+" is written.") {
			t.Errorf("%v; printed\n%s", err, text)
		}
	}
}

func TestWhatIsNotShownIsSaid(t *testing.T) {
	r := newRepository(t)
	c := content{"aaa1111", "2026-11-01", "6.1", []float64{1000}, 0}
	damaged := r.commit("BenchmarkBurst/writers=1-2 10 12x ns/op\n")
	r.commit(c.text())
	r.git("rm", "-q", "results/x.txt")
	r.git("commit", "-q", "-m", "removed")
	c.revision, c.day = "bbb2222", "2026-11-02"
	if err := os.MkdirAll(filepath.Dir(r.path), 0o700); err != nil {
		t.Fatal(err)
	}
	r.commit(c.text())
	r.write(c.text() + "# changed\n")
	text := strings.Join(strings.Fields(r.mustRun()), " ")
	for _, want := range []string{
		"Not shown: " + damaged + " of 2026-11-20: ", "x.txt has changes that are not committed.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if !strings.Contains(text, "aaa1111") || !strings.Contains(text, "bbb2222") {
		t.Errorf("a version is missing in %s", text)
	}
}

func TestHistoryRejects(t *testing.T) {
	good := content{"aaa1111", "2026-11-01", "6.1", []float64{1000}, 0}.text()
	committed := func(t *testing.T) *repository {
		r := newRepository(t)
		r.commit(good)
		return r
	}
	for _, c := range []struct {
		name     string
		prepare  func(t *testing.T) *repository
		settings []string
		want     string
	}{
		{"no repository", newDir, nil, "is not in a git checkout"},
		{"no commit", newRepository, nil, "no commit has "},
		{"a snapshot that is not committed", func(t *testing.T) *repository {
			r := newRepository(t)
			r.write(good)
			return r
		}, nil, "commit it, or give another LABEL"},
		{"a directory that does not exist", func(t *testing.T) *repository {
			r := newDir(t)
			r.path = filepath.Join(r.dir, "none", "x.txt")
			return r
		}, nil, "does not exist"},
		{"a shallow clone", func(t *testing.T) *repository {
			r := committed(t)
			r.commit(good + "# changed\n")
			clone := *r
			clone.dir = t.TempDir()
			clone.git("clone", "-q", "--depth=1", "file://"+r.dir, "clone")
			clone.path = filepath.Join(clone.dir, "clone", "results", "x.txt")
			return &clone
		}, nil, "git fetch --unshallow"},
		{"no git", func(t *testing.T) *repository {
			r := committed(t)
			t.Setenv("PATH", t.TempDir())
			return r
		}, nil, "git is not installed"},
		{"only damaged versions", func(t *testing.T) *repository {
			r := newRepository(t)
			r.commit("nothing\n")
			return r
		}, nil, "no commit has a readable "},
		{"no such benchmark", committed, []string{"BENCH", "Sustained"}, "it holds Burst"},
		{"no such unit", committed, []string{"UNITS", "p98-ns"}, `reports "p98-ns"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.prepare(t)
			text, err := r.run(c.settings...)
			if err == nil || !strings.Contains(err.Error(), c.want) || text != "" ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("printed %q, error is %v, want %s", text, err, c.want)
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(r.path), "*.svg")); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
