package fleet

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// stderrShown is how many bytes of the writers' standard error an error shows: enough for the head
// of a stack trace.
const stderrShown = 2048

// stderrFile is a file in memory (memfd_create(2)) that is the standard error of all writer
// processes of a fleet. Unlike a pipe for each it needs only one descriptor, and no goroutine has
// to read it while a round runs.
type stderrFile struct{ *os.File }

func newStderrFile() (stderrFile, error) {
	fd, err := unix.MemfdCreate("busybench-writers-stderr", unix.MFD_CLOEXEC)
	if err != nil {
		return stderrFile{}, fmt.Errorf("memfd_create: %w", err)
	}
	return stderrFile{os.NewFile(uintptr(fd), "writers' standard error")}, nil
}

// head returns the start of what the writers printed, as the end of an error message. It is empty
// if they printed nothing.
func (f stderrFile) head() string {
	text := make([]byte, stderrShown)
	n, _ := f.ReadAt(text, 0) // io.EOF if there is less
	if s := strings.TrimSpace(string(text[:n])); s != "" {
		return "; standard error of the writers: " + s
	}
	return ""
}
