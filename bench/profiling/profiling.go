// Package profiling records where the processes of a benchmark spend their time: processor time of
// every process, and for this one what its goroutines wait for. Each profile is a file in the
// format of go tool pprof, written when its recording ends, whole or not at all, so that those of all processes can
// be merged:
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
)

// Variable is the environment variable that names the directory to a writer process.
const Variable = "BUSYBENCH_PROFILE"

// The kinds of profile, as they stand in file names.
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

// Pattern matches the files of one kind, of all processes, in a directory.
func Pattern(dir, kind string) string { return filepath.Join(dir, "*."+kind+".pb.gz") }

// StartCPU samples this process's processor time, a hundred times in each second of it, until stop is
// called, which writes the profile.
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

// StartWaits records every wait of a goroutine for another, and for a mutex, until stop is called, which
// writes a profile of either.
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

// write writes a profile under a name that no other process in the run has: a number that the system
// gives again gets another file.
func write(dir, role, kind string, samples []byte) error {
	partial, err := os.CreateTemp(dir, fmt.Sprintf("%s-%d-*.partial", role, os.Getpid()))
	if err != nil {
		return err
	}
	_, err = partial.Write(samples)
	if closeErr := partial.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		name := partial.Name()
		err = os.Rename(name, name[:len(name)-len("partial")]+kind+".pb.gz")
	}
	if err != nil {
		os.Remove(partial.Name())
	}
	return err
}
