package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"busybench/scripts/internal/filelock"
	"busybench/scripts/internal/openfile"
	"busybench/scripts/internal/sqlitefile"
)

// database is a database that is looked at. Its files are open for as long, so that looking at them
// takes few system calls. This process has no locks that closing them could release.
type database struct {
	name  string // as given
	path  string // without symbolic links, as SQLite uses it for the names of the other files
	main  file
	index file // the -shm file; without an open file if there is none
	notes []string
}

// file is an open file with the names that the kernel has for it.
type file struct {
	*os.File
	locks filelock.File // in lists of locks
	id    openfile.File // in lists of open files
}

// deleted is behind the name of a deleted file in /proc.
const deleted = " (deleted)"

// openDatabase opens a database for reading.
func openDatabase(name string) (d *database, err error) {
	d = &database{name: name}
	if d.path, err = filepath.EvalSymlinks(name); err == nil {
		d.path, err = filepath.Abs(d.path)
	}
	if err == nil {
		d.main, err = openFile(d.path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = d.openDeleted()
	}
	if err != nil {
		return nil, explain(name, err)
	}
	if _, err := d.header(); err != nil {
		d.close()
		return nil, explain(name, err)
	}
	return d, d.findIndex()
}

// explain returns a one-line error with what would be right.
func explain(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("DB: %q does not exist, and no process whose files can be seen has a "+
			"deleted one of this name open; give the path of a database", name)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("DB: %q must not be read by this user; use sudo", name)
	case errors.Is(err, sqlitefile.ErrNotDatabase):
		return fmt.Errorf("DB: %q is %w, or an encrypted one; give the path of a database", name,
			err)
	case errors.Is(err, filelock.ErrIrregular):
		return fmt.Errorf("DB: %q is %w; give the path of a database", name, filelock.ErrIrregular)
	}
	return fmt.Errorf("DB: %w", err)
}

func openFile(path string) (f file, err error) {
	if f.File, err = filelock.Open(path); err != nil {
		return f, err
	}
	f.locks, err = filelock.Identify(f.File)
	if err == nil {
		f.id, err = openfile.Identify(f.File)
	}
	if err != nil {
		f.Close()
	}
	return f, err
}

// openDeleted opens a database that has been deleted, or replaced by a file that is missing too,
// through a process that has it open.
func (d *database) openDeleted() error {
	path, err := filepath.Abs(d.name)
	if err != nil {
		return err
	}
	open, err := openfile.Find(func(f openfile.Descriptor) bool { return f.Name == path+deleted })
	if err != nil {
		return err
	}
	if len(open.Found) == 0 {
		return fs.ErrNotExist
	}
	d.path = path
	d.notes = append(d.notes, "The file is deleted, and processes have it open still: what they "+
		"commit is lost once the last of them closes it. A copy can be made of "+
		open.Found[0].Path()+".")
	d.main, err = openFile(open.Found[0].Path())
	return err
}

// findIndex opens the -shm file, unless it is open already. If there is none beside the database,
// as after the database was renamed or deleted, it is one that a process has open together with the
// database.
func (d *database) findIndex() error {
	path := d.path + sqlitefile.WALIndexSuffix
	info, err := os.Stat(path)
	if err == nil && d.index.File != nil {
		if now, err := d.index.Stat(); err == nil && os.SameFile(info, now) {
			return nil
		}
		d.index.Close()
	}
	d.index = file{}
	if err == nil {
		d.index, err = openFile(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// findRenamedIndex opens the only -shm file that processes with the database have open, if there is
// none beside the database.
func (d *database) findRenamedIndex(open []openfile.Descriptor) error {
	if d.index.File != nil {
		return nil
	}
	user := map[int]bool{}
	for _, f := range open {
		user[f.PID] = user[f.PID] || f.File == d.main.id
	}
	found := map[openfile.File]openfile.Descriptor{}
	for _, f := range open {
		if user[f.PID] && isIndex(f) {
			found[f.File] = f
		}
	}
	if len(found) != 1 {
		return nil
	}
	for _, f := range found {
		d.notes = append(d.notes, fmt.Sprintf("The database was renamed or deleted while it was "+
			"open: its WAL's index is %s. A process that opens it now cannot see their locks, "+
			"nor they its own: the database may be damaged. Stop all of them first.", f.Name))
		var err error
		d.index, err = openFile(f.Path())
		return err
	}
	return nil
}

func isIndex(f openfile.Descriptor) bool {
	return strings.HasSuffix(strings.TrimSuffix(f.Name, deleted), sqlitefile.WALIndexSuffix)
}

func (d *database) close() {
	d.main.Close()
	if d.index.File != nil {
		d.index.Close()
	}
}

// header reads the header of the database. That of an empty file, which is an empty database, is
// empty.
func (d *database) header() (sqlitefile.Header, error) {
	b := make([]byte, sqlitefile.HeaderSize)
	n, err := d.main.ReadAt(b, 0)
	if n == 0 && err == io.EOF {
		return sqlitefile.Header{}, nil
	}
	if err != nil && err != io.EOF {
		return sqlitefile.Header{}, err
	}
	return sqlitefile.ParseHeader(b[:n])
}

// readStart reads the first bytes of a file beside the database, and its size and times.
func (d *database) readStart(suffix string, size int) (b []byte, info fs.FileInfo, err error) {
	f, err := filelock.Open(d.path + suffix)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, nil, err
	}
	b = make([]byte, size)
	n, err := f.ReadAt(b, 0)
	if err == io.EOF {
		err = nil
	}
	return b[:n], info, err
}
