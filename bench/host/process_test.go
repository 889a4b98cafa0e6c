package host

import (
	"os"
	"testing"
	"time"
)

func TestProcessorTimeAndMemoryOfThisProcess(t *testing.T) {
	// The kernel brings schedstat up to date at ticks and context switches, getrusage at each call.
	used, err := ProcessCPUTime(os.Getpid())
	if all := CPUTime(); err != nil || used <= 0 || used > all+time.Millisecond {
		t.Errorf("the threads of this process have used %v of %v, %v", used, all, err)
	}
	if n, err := PrivateBytes(os.Getpid()); err != nil || n < 1<<16 {
		t.Errorf("this process has %d private bytes, %v", n, err)
	}
}

func TestProcessThatDoesNotExistIsAnError(t *testing.T) {
	const none = 1<<22 + 1 // above the kernel's PID_MAX_LIMIT
	if used, err := ProcessCPUTime(none); err == nil {
		t.Errorf("its threads have used %v", used)
	}
	if n, err := PrivateBytes(none); err == nil {
		t.Errorf("it has %d private bytes", n)
	}
}

func TestIsRunning(t *testing.T) {
	self, err := ThisProcess()
	if err != nil {
		t.Fatal(err)
	}
	if self.PID != os.Getpid() || self.Start <= 0 || self.Boot == "" || self.PIDNamespace == "" {
		t.Errorf("this process is %+v", self)
	}
	for _, c := range []struct {
		name   string
		change func(*Process)
		want   bool
	}{
		{"this process", func(p *Process) {}, true},
		{"no such process", func(p *Process) { p.PID = 1<<22 + 1 }, false},
		{"no process ID", func(p *Process) { p.PID = 0 }, false},
		{"another start time", func(p *Process) { p.Start-- }, false},
		{"another boot", func(p *Process) { p.Boot = "none" }, false},
		{"another namespace", func(p *Process) { p.PIDNamespace = "pid:[1]" }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := self
			if c.change(&p); p.IsRunning() != c.want {
				t.Errorf("%+v: IsRunning is %v", p, !c.want)
			}
		})
	}
}
