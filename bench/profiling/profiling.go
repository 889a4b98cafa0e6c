// Package profiling records where the processes of a benchmark spend their time: the processor
// time of every process, and what the goroutines of this one wait for. Each profile is a file in
// the format of go tool pprof. It is written atomically when its recording ends, so that the
// profiles of all processes can be merged:
//
//	go tool pprof -proto -output all.cpu.pb.gz DIR/*.cpu.pb.gz
package profiling

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/google/renameio/v2"
)

// Variable is the environment variable that names the directory to a writer process.
const Variable = "BUSYBENCH_PROFILE"

// The kinds of profile, with which file names end.
const (
	CPU   = "cpu"
	Block = "block"
	Mutex = "mutex"
)

// The roles of processes, with which file names begin.
const (
	Parent = "parent"
	Writer = "writer"
)

// Files returns the paths of all processes' profiles of one kind in a directory, sorted.
func Files(dir, kind string) (paths []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), suffix(kind)) {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths, err
}

// suffix ends the names of profiles of one kind.
func suffix(kind string) string { return "." + kind + ".pb.gz" }

// StartCPU samples this process's processor time, 100 times in each second of it. Stop ends the
// recording and writes the profile.
func StartCPU(dir, role string) (stop func() error, err error) {
	var samples bytes.Buffer
	if err := pprof.StartCPUProfile(&samples); err != nil {
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		return write(dir, role, CPU, samples.Bytes())
	}, nil
}

// StartWaits records each time that a goroutine waits for another one, and each time that one holds
// a mutex which another one waits for. Stop ends the recording and writes a profile of each kind.
func StartWaits(dir, role string) (stop func() error) {
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)
	return func() error {
		runtime.SetBlockProfileRate(0)
		runtime.SetMutexProfileFraction(0)
		for _, kind := range []string{Block, Mutex} {
			var samples bytes.Buffer
			if err := pprof.Lookup(kind).WriteTo(&samples, 0); err != nil {
				return err
			}
			if err := write(dir, role, kind, samples.Bytes()); err != nil {
				return err
			}
		}
		return nil
	}
}

// write writes a profile. Its name has the time, because the system gives a process id to another
// process later, and because a process can record twice.
func write(dir, role, kind string, samples []byte) error {
	name := fmt.Sprintf("%s-%d-%d", role, os.Getpid(), time.Now().UnixNano()) + suffix(kind)
	return renameio.WriteFile(filepath.Join(dir, name), samples, 0o644, renameio.WithTempDir(dir))
}
