// Package mount shows a disk of package disk as a directory, by FUSE, so that any program can use
// it. Every write, truncation, sync and change of a name reaches the disk before the program's call
// returns: the kernel caches what is read, and nothing that is written, except through shared
// memory (mmap). It keeps locks (fcntl and flock) by itself, and a lock is no part of the disk.
package mount

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
	"golang.org/x/sys/unix"

	"busybench/bench/powerloss/disk"
	"busybench/bench/scratch"
)

// device is what FUSE is served by.
const device = "/dev/fuse"

// Check returns an error if this process cannot mount.
func Check() error { return check(device, os.Geteuid(), fusermount) }

func check(device string, user int, fusermount func() error) error {
	const need = "a filesystem by FUSE needs /dev/fuse, and root or fusermount3 " +
		"(Debian's package fuse3)"
	file, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("%w; %s", err, need)
	}
	file.Close()
	if user == 0 {
		return nil
	}
	if err := fusermount(); err != nil {
		return fmt.Errorf("%w; %s", err, need)
	}
	return nil
}

// fusermount returns an error if there is no program that mounts for users other than root.
func fusermount() error {
	_, err := exec.LookPath("fusermount3")
	if err != nil {
		_, err = exec.LookPath("fusermount")
	}
	return err
}

// Point is a directory at which disks are mounted, one at a time. If this process is killed, a
// guard unmounts it.
type Point struct {
	Path   string
	guard  *guard
	server *fuse.Server // nil if nothing is mounted
}

// NewPoint makes a directory, which Close removes.
func NewPoint(path string) (*Point, error) {
	if err := os.Mkdir(path, 0o700); err != nil {
		return nil, err
	}
	g, err := startGuard(path)
	if err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	return &Point{Path: path, guard: g}, nil
}

// Close unmounts what is mounted and removes the directory.
func (p *Point) Close() error {
	return errors.Join(p.Unmount(), p.guard.end(), os.Remove(p.Path))
}

// Mount mounts a disk.
//
// This process must not read or write a file of the mount through shared memory: its threads would
// wait for a page that they are to serve.
func (p *Point) Mount(d *disk.Disk) (err error) {
	options := &fs.Options{
		EntryTimeout: &forever, AttrTimeout: &forever, NegativeTimeout: &forever,
		UID: uint32(os.Getuid()), GID: uint32(os.Getgid()),
		MountOptions: fuse.MountOptions{
			Name: scratch.MountName, FsName: scratch.MountName,
			Options:       []string{"default_permissions"}, // checked by the kernel
			DisableXAttrs: true,
			// A program that is killed does not wait for its answer, which the library logs.
			Logger: log.New(io.Discard, "", 0),
		},
	}
	at := p.Path
	if os.Geteuid() == 0 {
		fd, err := mountDevice(p.Path)
		if err != nil {
			return err
		}
		at = fmt.Sprintf("/dev/fd/%d", fd)
	}
	p.server, err = fs.Mount(at, &directory{disk: d}, options)
	if err != nil {
		return errors.Join(fmt.Errorf("mount %s: %w", p.Path, err), scratch.Unmount(p.Path))
	}
	return nil
}

// forever is how long the kernel may remember names and sizes. It knows of every change, because
// they are all made through it.
var forever = time.Hour

// mountDevice mounts at a directory and returns the file descriptor to serve. The library could do
// that, but would leave it open in every child of this process.
func mountDevice(path string) (fd int, err error) {
	if fd, err = unix.Open(device, unix.O_RDWR|unix.O_CLOEXEC, 0); err != nil {
		return 0, fmt.Errorf("open %s: %w", device, err)
	}
	data := fmt.Sprintf("fd=%d,rootmode=%o,user_id=%d,group_id=%d,default_permissions",
		fd, unix.S_IFDIR, os.Geteuid(), os.Getegid())
	err = unix.Mount(scratch.MountName, path, "fuse."+scratch.MountName,
		unix.MS_NOSUID|unix.MS_NODEV, data)
	if err != nil {
		unix.Close(fd)
		return 0, fmt.Errorf("mount %s: %w", path, err)
	}
	return fd, nil
}

// Unmount unmounts the disk if one is mounted. No program may have it open.
func (p *Point) Unmount() error {
	if p.server == nil {
		return nil
	}
	if err := scratch.Unmount(p.Path); err != nil {
		return err
	}
	p.server.Wait()
	p.server = nil
	return nil
}
