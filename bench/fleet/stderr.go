package fleet

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// stderrShown is how much of what writers print on standard error goes into a report: enough
// for the head of a stack trace.
const stderrShown = 2048

// stderrFile is a file in memory (memfd_create(2)) that all writer processes of a fleet print
// their standard error into. Unlike a pipe it costs one descriptor for all, and nobody has to read
// it while a round runs.
type stderrFile struct{ *os.File }

func newStderrFile() (stderrFile, error) {
	fd, err := unix.MemfdCreate("busybench-writers-stderr", unix.MFD_CLOEXEC)
	if err != nil {
		return stderrFile{}, fmt.Errorf("memfd_create: %w", err)
	}
	return stderrFile{os.NewFile(uintptr(fd), "writers' standard error")}, nil
}

// head is the beginning of what was printed, as the end of a message; empty where nothing was.
func (f stderrFile) head() string {
	text := make([]byte, stderrShown)
	n, _ := f.ReadAt(text, 0) // a short read is what there is
	if s := strings.TrimSpace(string(text[:n])); s != "" {
		return "; standard error of the writers: " + s
	}
	return ""
}
