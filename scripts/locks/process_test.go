package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// roleVariable makes the test binary a process with a connection: it is a [script] in JSON. The
// tests themselves have no connection, because they open the files by other means.
const roleVariable = "BUSYBENCH_TEST_LOCKS"

// script is what a process does with its connection: statements, and others after it has reported
// that it is ready. It then waits until it is killed.
type script struct {
	Path        string
	First, Then []string
	Commits     bool // commit for the time in each line of the input, see commit
}

func TestMain(m *testing.M) {
	if text := os.Getenv(roleVariable); text != "" {
		var s script
		err := json.Unmarshal([]byte(text), &s)
		if err == nil {
			err = s.run()
		}
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// run is the process with zombiezen.com/go/sqlite.
func (s script) run() error {
	conn, err := sqlite.OpenConn(s.Path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		return err
	}
	conn.SetBusyTimeout(time.Minute)
	if err := execute(conn, s.First); err != nil {
		return err
	}
	fmt.Println("ready")
	if err := execute(conn, s.Then); err != nil {
		return err
	}
	if s.Commits {
		return commit(conn)
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func execute(conn *sqlite.Conn, statements []string) error {
	for _, text := range statements {
		if err := sqlitex.ExecuteTransient(conn, text, nil); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}

// commit inserts rows, one in each transaction, for the time that each line of the input says, and
// prints how many.
func commit(conn *sqlite.Conn) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		length, err := time.ParseDuration(lines.Text())
		if err != nil {
			return err
		}
		n := 0
		for end := time.Now().Add(length); time.Now().Before(end); n++ {
			if err := execute(conn, []string{"INSERT INTO t VALUES(1)"}); err != nil {
				return err
			}
		}
		fmt.Println(n)
	}
	return lines.Err()
}

// python is the same process with Python's sqlite3.
const python = `
import json, sqlite3, sys
s = json.loads(sys.argv[1])
conn = sqlite3.connect(s["Path"], timeout=60, isolation_level=None)
for text in s["First"] or []:
    conn.execute(text).fetchall()
print("ready", flush=True)
for text in s["Then"] or []:
    conn.execute(text).fetchall()
sys.stdin.read()
`

// drivers start a process. Both do the same.
var drivers = []struct {
	name    string
	command func(t *testing.T, s string) *exec.Cmd
}{
	{"zombiezen", func(t *testing.T, s string) *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), roleVariable+"="+s)
		return cmd
	}},
	{"python3", func(t *testing.T, s string) *exec.Cmd {
		if testing.Short() {
			t.Skip("starts python3 again and again")
		}
		if err := exec.Command("python3", "-c", "import sqlite3").Run(); err != nil {
			t.Skipf("needs python3 with the module sqlite3: %v", err)
		}
		path, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
		if err != nil {
			t.Skipf("needs python3: %v", err)
		}
		return exec.Command(strings.TrimSpace(string(path)), "-c", python, s)
	}},
}

// client is a started process.
type client struct {
	pid    int
	stdin  io.Writer
	stdout *bufio.Reader
	kill   func()
}

// startWith starts a process and waits until it is ready.
func startWith(t testing.TB, cmd *exec.Cmd) client {
	t.Helper()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() })
	kill := func() { cmd.Process.Kill(); cmd.Wait(); timer.Stop() }
	t.Cleanup(kill)
	c := client{cmd.Process.Pid, stdin, bufio.NewReader(stdout), kill}
	if line, err := c.stdout.ReadString('\n'); line != "ready\n" {
		t.Fatalf("printed %q, %v", line, err)
	}
	return c
}

func encode(t testing.TB, s script) string {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// start starts a process with zombiezen.com/go/sqlite.
func start(t testing.TB, s script) client {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+encode(t, s))
	return startWith(t, cmd)
}

// newDatabase creates a database with a table in a journal mode, and returns its path.
func newDatabase(t testing.TB, mode string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.db")
	c := start(t, script{Path: path, First: []string{
		"PRAGMA journal_mode=" + mode, "CREATE TABLE t(a)", "INSERT INTO t VALUES(1)",
	}})
	c.kill()
	return path
}
