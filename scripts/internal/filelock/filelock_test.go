package filelock

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// roleVariable makes the test binary a process that locks a file: the bytes from 120 to 122 for
// writing and byte 200 for reading. With "ofd:" before the path the locks are of its open file
// description, and with "query:" it asks for a lock instead.
const roleVariable = "BUSYBENCH_TEST_FILELOCK"

func TestMain(m *testing.M) {
	if path := os.Getenv(roleVariable); path != "" {
		lockAndWait(path)
	}
	os.Exit(m.Run())
}

// query prints the lock that keeps the process from a write lock.
func query(path string) {
	file, err := Open(path)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	l, found, _ := Query(file.Fd(), true, 120, 120)
	fmt.Println(l, found)
	os.Exit(0)
}

func lockAndWait(path string) {
	if path, ok := strings.CutPrefix(path, "query:"); ok {
		query(path)
	}
	set := unix.F_SETLK
	if path, ok := strings.CutPrefix(path, "ofd:"); ok {
		set = unix.F_OFD_SETLK
		os.Setenv(roleVariable, path)
	}
	file, err := os.OpenFile(os.Getenv(roleVariable), os.O_RDWR, 0)
	for _, l := range []unix.Flock_t{
		{Type: unix.F_WRLCK, Start: 120, Len: 3}, {Type: unix.F_RDLCK, Start: 200, Len: 1},
	} {
		if err == nil {
			err = unix.FcntlFlock(file.Fd(), set, &l)
		}
	}
	fmt.Println("ready", err)
	io.Copy(io.Discard, os.Stdin) // until the test closes it, or ends
	os.Exit(0)
}

// start starts a process that locks a file.
func start(t *testing.T, path, style string) (pid int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+style+path)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	t.Cleanup(func() { stdin.Close(); cmd.Wait(); timer.Stop() })
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready <nil>\n" {
		t.Fatalf("printed %q, %v", line, err)
	}
	return cmd.Process.Pid
}

// newFile returns a file, opened for queries.
func newFile(t *testing.T) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

func TestLocksOfAnotherProcessAreInAllSources(t *testing.T) {
	file := newFile(t)
	pid := start(t, file.Name(), "")
	want := []Lock{
		{PID: pid, Write: true, First: 120, Last: 122, Style: POSIX},
		{PID: pid, First: 200, Last: 200, Style: POSIX},
	}
	id, err := Identify(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("/proc/locks")
	if err != nil {
		t.Fatal(err)
	}
	found, err := Parse(string(text), id)
	slices.SortFunc(found[id], func(a, b Lock) int { return int(a.First - b.First) })
	if err != nil || !slices.Equal(found[id], want) {
		t.Errorf("/proc/locks has %v, %v, want %v", found[id], err, want)
	}
	for _, w := range want {
		got, ok, err := Query(file.Fd(), true, w.First, w.Last)
		if err != nil || !ok || got != w {
			t.Errorf("the query returns %v, %v, %v, want %v", got, ok, err, w)
		}
	}
	if got, ok, err := Query(file.Fd(), false, 123, 300); ok || err != nil {
		t.Errorf("without write locks the query returns %v, %v", got, err)
	}
}

func TestAnOpenFileDescriptionLockIsOfNoProcess(t *testing.T) {
	file := newFile(t)
	pid := start(t, file.Name(), "ofd:")
	l, ok, err := Query(file.Fd(), true, 120, 120)
	want := Lock{PID: Unknown, Write: true, First: 120, Last: 122, Style: OFD}
	if err != nil || !ok || l != want {
		t.Errorf("the query returns %v, %v, %v", l, ok, err)
	}
	var locks []Lock
	infos, err := filepath.Glob(fmt.Sprintf("/proc/%d/fdinfo/*", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range infos {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // a file that is closed by now
		}
		more, err := ParseInfo(string(text), pid)
		if err != nil {
			t.Error(err)
		}
		locks = append(locks, more...)
	}
	want.PID = pid
	if !slices.Contains(locks, want) {
		t.Errorf("fdinfo has %v, want %v", locks, want)
	}
}

// The kernel prints a line again if the list has changed between two reads of a part. Locks of open
// file descriptions have no process that would tell two of them apart.
func TestARepeatedLockOfAProcessCountsOnce(t *testing.T) {
	db := File{Major: 0xfe, Minor: 0, Inode: 7}
	const lock = "1: POSIX  ADVISORY  READ 4711 fe:00:7 120 122\n"
	const description = "2: OFDLCK ADVISORY  READ -1 fe:00:7 120 122\n"
	got, err := Parse(lock+description+lock+description, db)
	if err != nil || len(got[db]) != 3 {
		t.Errorf("locks are %v, %v, want one of a process and two of descriptions", got[db], err)
	}
}

func TestParse(t *testing.T) {
	db, other := File{0xfe, 0, 9978257}, File{0, 0x2a, 5}
	const text = `1: POSIX  ADVISORY  WRITE 19350 fe:00:9978257 1073741825 1073741825
1: -> POSIX  ADVISORY  WRITE 77 fe:00:9978257 1073741825 1073741825
2: OFDLCK ADVISORY  READ -1 00:2a:5 120 EOF
3: FLOCK  ADVISORY  WRITE 12 fe:00:1 0 EOF
4: POSIX  MANDATORY READ 12 fe:00:2 0 0
`
	got, err := Parse(text, db, other)
	if err != nil {
		t.Fatal(err)
	}
	want := map[File][]Lock{
		db: {
			{PID: 19350, Write: true, First: 1073741825, Last: 1073741825, Style: POSIX},
			{PID: 77, Write: true, First: 1073741825, Last: 1073741825, Style: POSIX, Waits: true},
		},
		other: {{PID: Unknown, First: 120, Last: math.MaxInt64, Style: OFD}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseRejectsBadLines(t *testing.T) {
	for name, line := range map[string]string{
		"too short":    "1: POSIX ADVISORY WRITE 12 fe:00:1 0",
		"no process":   "1: POSIX ADVISORY WRITE x fe:00:1 0 EOF",
		"no file":      "1: POSIX ADVISORY WRITE 12 1 0 EOF",
		"no last byte": "1: POSIX ADVISORY WRITE 12 fe:00:1 0 x",
	} {
		t.Run(name, func(t *testing.T) {
			if locks, err := Parse(line); err == nil {
				t.Errorf("returns %v", locks)
			}
		})
	}
}

func TestOpenRejectsWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, pipe, "/dev/null"} {
		if file, err := Open(path); !errors.Is(err, ErrIrregular) {
			t.Errorf("%s: opened %v, %v", path, file, err)
		}
	}
}

func TestReadingAnOpenedFileKeepsItsTimes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	past := time.Now().Add(-48 * time.Hour) // even relatime changes such a time of access
	if err := os.Chtimes(path, past, past); err != nil {
		t.Fatal(err)
	}
	file, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if text, err := io.ReadAll(file); err != nil || string(text) != "text" {
		t.Fatalf("read %q, %v", text, err)
	}
	var stat unix.Stat_t
	if err := unix.Stat(path, &stat); err != nil || stat.Atim != stat.Mtim {
		t.Errorf("accessed %v, changed %v, %v", stat.Atim, stat.Mtim, err)
	}
}

// A process in another PID namespace sees that there is a lock, and not whose.
func TestALockOfAnotherPIDNamespaceIsHidden(t *testing.T) {
	file := newFile(t)
	start(t, file.Name(), "")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"=query:"+file.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWPID | unix.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.Output()
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EINVAL) {
		t.Skipf("there are no PID namespaces for this user: %v", err)
	}
	want := fmt.Sprintln(Lock{PID: Hidden, Write: true, First: 120, Last: 122, Style: POSIX}, true)
	if err != nil || string(out) != want {
		t.Errorf("printed %q, %v, want %q", out, err, want)
	}
}
