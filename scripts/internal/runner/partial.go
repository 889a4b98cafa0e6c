package runner

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"busybench/bench/scratch"
	"busybench/scripts/internal/snapshot"
)

// partialFile is the file LABEL.partial.txt, which replaces the snapshot when it is complete. It is
// locked (flock(2)) while a run writes it, so that two runs cannot use one label at once. Until the
// run has a result, the file keeps what an earlier, interrupted run left in it. It does not use
// renameio, whose pending files are for their writer only: this one can be read while it grows, and
// it survives an interrupted run.
type partialFile struct {
	path    string
	target  string // the path it gets in the end
	file    *os.File
	pending []byte // the lines before the first result
	begun   bool   // it has a result of this run
	size    int64  // what this run has written
}

// openPartial opens and locks the partial file of the snapshot that the settings name. It rejects a
// label unless it names a new snapshot or one of the same command.
func (s Settings) openPartial() (*partialFile, error) {
	target, err := followLinks(s.path)
	if err == nil {
		err = checkTarget(target, s.config.command())
	}
	if err != nil {
		return nil, s.labelError(err)
	}
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, s.labelError(err)
	}
	if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
		return nil, s.labelError(fmt.Errorf("cannot write to the directory %s: %w", dir, err))
	}
	p := &partialFile{path: snapshot.Sibling(target, "partial.txt"), target: target}
	if p.file, err = openLocked(p.path); err != nil {
		return nil, s.labelError(err)
	}
	// Another run may have ended between the check and the lock.
	if err := checkTarget(target, s.config.command()); err != nil {
		p.close()
		return nil, s.labelError(err)
	}
	return p, nil
}

func (s Settings) labelError(err error) error { return fmt.Errorf("LABEL=%s: %w", s.label, err) }

// checkFiles rejects a label whose report could not be stored.
func (s Settings) checkFiles() error {
	for _, suffix := range s.config.Files {
		if err := snapshot.CheckStore(snapshot.Sibling(s.path, suffix)); err != nil {
			return s.labelError(fmt.Errorf("%w; give another LABEL", err))
		}
	}
	return nil
}

// checkTarget rejects a path unless there is nothing, or a snapshot of the same command, such as
// "make bench".
func checkTarget(path, command string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.HasSuffix(path, ".txt"):
		return nil
	case errors.Is(err, fs.ErrNotExist) && !strings.HasSuffix(path, "/"):
		return errors.New("give a name such as mine, or a path that ends in .txt")
	case err == nil && info.IsDir(), strings.HasSuffix(path, "/"):
		return fmt.Errorf("%s is a directory; give the name of a file", path)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file; give another LABEL", path)
	}
	maker, err := madeBy(path)
	switch {
	case err != nil:
		return err
	case maker == "":
		return fmt.Errorf("%s exists and is not a snapshot; give another LABEL", path)
	case maker != command:
		return fmt.Errorf("%s is a snapshot of %s, not of %s; give another LABEL",
			path, maker, command)
	}
	return nil
}

// madeBy returns the command that made a snapshot, such as "make bench", by the snapshot's first
// line. It is empty if the file is not a snapshot.
func madeBy(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	line, _ := bufio.NewReader(file).ReadSlice('\n') // an unreadable file has no such line
	fields := strings.Fields(string(line))
	if len(fields) < 3 || fields[0] != "#" || fields[1] != "make" {
		return "", nil
	}
	return fields[1] + " " + fields[2], nil
}

// openLocked opens a file, or creates it, and locks it.
func openLocked(path string) (*os.File, error) {
	for {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND|unix.O_NOFOLLOW, 0o666)
		if err != nil {
			return nil, err
		}
		info, err := file.Stat()
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("%s is not a regular file", path)
		}
		// On a file system without such locks the file stays unlocked.
		if err == nil && scratch.Flock(file, unix.LOCK_EX|unix.LOCK_NB) == unix.EWOULDBLOCK {
			err = fmt.Errorf("another run is writing %s; wait for it or give another LABEL", path)
		}
		if err != nil {
			file.Close()
			return nil, err
		}
		if scratch.IsAt(path, file) {
			return file, nil
		}
		file.Close() // another run has just renamed or removed it
	}
}

// maxPending limits the bytes before the first result. A header has less than 10 KB.
const maxPending = 1 << 20

// header adds a line that is written together with the first result.
func (p *partialFile) header(layout string, args ...any) {
	p.pending = fmt.Appendf(p.pending, layout+"\n", args...)
}

// write writes a line. Lines before the first result are kept back until then.
func (p *partialFile) write(line string) error {
	p.pending = append(append(p.pending, line...), '\n')
	if !p.begun {
		if !isResult(line) {
			if len(p.pending) > maxPending {
				return fmt.Errorf("the benchmarks printed over %d bytes and no result", maxPending)
			}
			return nil
		}
		if err := p.file.Truncate(0); err != nil {
			return err
		}
		p.begun = true
	}
	n, err := p.file.Write(p.pending)
	p.pending = p.pending[:0]
	if err != nil {
		if n > 0 {
			_ = p.file.Truncate(p.size) // do not leave half a line
		}
		return err
	}
	p.size += int64(n)
	return nil
}

// check reads the complete file, after it has checked that no other process changed it, and writes
// it to the disk.
func (p *partialFile) check() (*snapshot.Snapshot, error) {
	info, err := p.file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() != p.size || !scratch.IsAt(p.path, p.file) {
		return nil, fmt.Errorf(
			"another process changed or removed %s: it has %d bytes, %d were written",
			p.path, info.Size(), p.size)
	}
	snap, err := snapshot.Read(p.path)
	if err != nil {
		return nil, err
	}
	return snap, p.file.Sync()
}

// close unlocks the file, and removes it if nothing has ever been written to it.
func (p *partialFile) close() {
	if info, err := p.file.Stat(); err == nil && info.Size() == 0 && scratch.IsAt(p.path, p.file) {
		os.Remove(p.path)
	}
	p.file.Close()
}

// followLinks returns the path that a path means after its last element's symbolic links. The file
// need not exist.
func followLinks(path string) (string, error) {
	for range 40 { // as many as Linux follows
		target, err := os.Readlink(path)
		if err != nil {
			return path, nil // not a link, or the error comes when it is used
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	return "", fmt.Errorf("%s has too many symbolic links", path)
}
