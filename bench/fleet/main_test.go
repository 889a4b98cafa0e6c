package fleet

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"strings"
	"testing"

	"busybench/bench/protocol"
	"busybench/bench/writer"
)

// helperVariable is the environment variable that makes this test binary a parent of writers in a
// process of its own. Its value says what the parent does; see startHelper.
const helperVariable = "BUSYBENCH_FLEET_TEST_HELPER"

// This test binary is also a writer process, a misbehaving one with an argument, and a parent in a
// process of its own.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv(WriterVariable) == "" && os.Getenv(helperVariable) == "":
		os.Exit(m.Run())
	case os.Getenv(WriterVariable) == "":
		help(os.Getenv(helperVariable))
	case len(os.Args) < 2:
		protocol.Serve(writer.Serve, os.Exit)
	default:
		protocol.Serve(misbehave, os.Exit)
	}
}

const (
	hello = `{"op":"hello","protocol":7,"pid":1,"driver":{"name":"none","sqlite":"3",` +
		`"capabilities":{"roles":["writer"],"busy":["timeout"],"txn":["auto"],` +
		`"conn":["fresh"]}}}` + "\n"
	ready   = `{"op":"ready"}` + "\n"
	attempt = `{"op":"outcome","row_ids":["f81d4fae-7dec-41d0-a765-00a0c91e6bf6"],` +
		`"outcome":{"start_ns":1,"end_ns":2,"wait_start_ns":1,"code":0,"phase":"insert"}}` + "\n"
	counted = `{"op":"counted"}` + "\n"
	done    = `{"op":"done","attempts":1}` + "\n"
)

// misbehave is a writer that breaks the protocol in one way, the argument of its process.
func misbehave(in io.Reader, out io.Writer, _ func(int)) {
	switch os.Args[1] {
	case "no-json":
		fmt.Fprintln(out, "not JSON")
	case "wrong-version":
		fmt.Fprintln(out, `{"op":"hello","protocol":0,"pid":1}`)
	case "no-driver":
		fmt.Fprintln(out, `{"op":"hello","protocol":7,"pid":1}`)
	case "no-hello":
		fmt.Fprint(out, ready)
	case "no-answer":
	case "early-exit":
		fmt.Fprintln(os.Stderr, "panic: test")
		os.Exit(3)
	case "error":
		text := "no disk" + strings.Repeat(" ", 1e6) + "end of the error"
		fmt.Fprintf(out, hello+`{"op":"error","error":%q}`+"\n", text)
	case "exit-in-round":
		fmt.Fprint(out, hello+ready)
		lines := bufio.NewScanner(in)
		lines.Scan() // prepare
		lines.Scan() // start
		os.Exit(3)
	case "no-outcome":
		fmt.Fprint(out, hello+ready+counted)
	case "never-counted":
		fmt.Fprint(out, hello+ready)
	case "missing-outcome":
		fmt.Fprint(out, hello+ready+counted+done)
	case "outcome-without-rows":
		fmt.Fprint(out, hello+ready+counted+strings.Replace(attempt,
			`["f81d4fae-7dec-41d0-a765-00a0c91e6bf6"]`, `[]`, 1))
	case "extra-outcome":
		fmt.Fprint(out, hello+ready+counted+attempt+attempt+done)
	case "extra-ready":
		fmt.Fprint(out, hello+ready+ready)
	case "empty-outcome":
		fmt.Fprint(out, hello+ready+counted+`{"op":"outcome"}`+"\n")
	}
	_, _ = io.Copy(io.Discard, in) // until the parent exits or kills this process
}

// helper is a parent of writers in a process of its own.
type helper struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines *bufio.Scanner // of standard output
}

// startHelper starts a helper that runs until its standard input ends or the test does. The mode
// "processes" starts two writer processes and prints their ids. The mode "goroutines" reads a task,
// makes several bursts with it, and prints "done".
func startHelper(t *testing.T, mode string) helper {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), helperVariable+"="+mode)
	cmd.Stderr = os.Stderr
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
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have exited already
		_ = cmd.Wait()
	})
	return helper{cmd, stdin, bufio.NewScanner(stdout)}
}

// line returns the next line of the helper's standard output.
func (h helper) line(t *testing.T) string {
	t.Helper()
	if !h.lines.Scan() {
		t.Fatalf("the helper printed nothing: %v", h.lines.Err())
	}
	return h.lines.Text()
}

func help(mode string) {
	log.SetPrefix("test helper: ")
	switch mode {
	case "processes":
		f, err := Processes(Options{})
		if err != nil {
			log.Fatal(err)
		}
		if err := f.Grow(2); err != nil {
			log.Fatal(err)
		}
		for _, m := range f.members {
			fmt.Println(m.(*process).pid)
		}
	case "goroutines":
		var task protocol.Task
		if err := json.NewDecoder(os.Stdin).Decode(&task); err != nil {
			log.Fatal(err)
		}
		f, err := Goroutines(Options{})
		if err == nil {
			err = makeBursts(f, task)
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("done")
	default:
		log.Fatalf("unknown mode %q", mode)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}
