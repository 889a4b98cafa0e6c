package mount

import (
	"context"
	"errors"
	iofs "io/fs"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"

	"busybench/bench/powerloss/disk"
)

// errno returns the error number of an error of a disk.
func errno(err error) syscall.Errno {
	switch {
	case err == nil:
		return fs.OK
	case errors.Is(err, iofs.ErrNotExist):
		return syscall.ENOENT
	case errors.Is(err, iofs.ErrExist):
		return syscall.EEXIST
	}
	return syscall.EIO
}

// directory is the only directory of a mount.
type directory struct {
	fs.Inode
	disk *disk.Disk
}

var (
	_ fs.NodeLookuper  = (*directory)(nil)
	_ fs.NodeReaddirer = (*directory)(nil)
	_ fs.NodeCreater   = (*directory)(nil)
	_ fs.NodeUnlinker  = (*directory)(nil)
	_ fs.NodeRenamer   = (*directory)(nil)
	_ fs.NodeFsyncer   = (*directory)(nil)
	_ fs.NodeGetattrer = (*directory)(nil)
)

func (d *directory) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	out.Mode = fuse.S_IFDIR | 0o700
	return fs.OK
}

func (d *directory) Lookup(
	ctx context.Context, name string, out *fuse.EntryOut,
) (*fs.Inode, syscall.Errno) {
	f, err := d.disk.Open(name)
	if err != nil {
		return nil, errno(err)
	}
	return d.inode(ctx, f, out)
}

// inode returns the inode of a file, of which there is one.
func (d *directory) inode(
	ctx context.Context, f *disk.File, out *fuse.EntryOut,
) (*fs.Inode, syscall.Errno) {
	n := &file{File: f}
	if e := n.describe(&out.Attr); e != fs.OK {
		return nil, e
	}
	stable := fs.StableAttr{Mode: fuse.S_IFREG, Ino: firstNumber + f.Number()}
	return d.NewInode(ctx, n, stable), fs.OK
}

// firstNumber comes before the inode numbers of files. The directory has the number 1.
const firstNumber = 1

func (d *directory) Readdir(context.Context) (fs.DirStream, syscall.Errno) {
	names, err := d.disk.Names()
	if err != nil {
		return nil, errno(err)
	}
	var entries []fuse.DirEntry
	for _, name := range names {
		entries = append(entries, fuse.DirEntry{Name: name, Mode: fuse.S_IFREG})
	}
	return fs.NewListDirStream(entries), fs.OK
}

func (d *directory) Create(
	ctx context.Context, name string, _, _ uint32, out *fuse.EntryOut,
) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	f, err := d.disk.Create(name)
	if err != nil {
		return nil, nil, 0, errno(err)
	}
	n, e := d.inode(ctx, f, out)
	return n, nil, fuse.FOPEN_KEEP_CACHE, e
}

func (d *directory) Unlink(_ context.Context, name string) syscall.Errno {
	return errno(d.disk.Remove(name))
}

func (d *directory) Rename(
	_ context.Context, name string, _ fs.InodeEmbedder, newName string, flags uint32,
) syscall.Errno {
	if flags != 0 {
		return syscall.EINVAL
	}
	return errno(d.disk.Rename(name, newName))
}

// Fsync is fsync(2) and fdatasync(2) of the directory.
func (d *directory) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	return errno(d.disk.SyncDir())
}

// file is a file of a mount.
type file struct {
	fs.Inode
	*disk.File
}

var (
	_ fs.NodeGetattrer = (*file)(nil)
	_ fs.NodeSetattrer = (*file)(nil)
	_ fs.NodeOpener    = (*file)(nil)
	_ fs.NodeReader    = (*file)(nil)
	_ fs.NodeWriter    = (*file)(nil)
	_ fs.NodeFsyncer   = (*file)(nil)
)

func (f *file) describe(out *fuse.Attr) syscall.Errno {
	size, err := f.Size()
	out.Mode, out.Nlink = fuse.S_IFREG|0o600, 1
	out.Size, out.Blocks = uint64(size), uint64((size+disk.Sector-1)/disk.Sector)
	return errno(err)
}

func (f *file) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	return f.describe(&out.Attr)
}

// Setattr sets the size. Owner, mode and times are not kept.
func (f *file) Setattr(
	_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut,
) syscall.Errno {
	if size, ok := in.GetSize(); ok {
		if err := f.Truncate(int(size)); err != nil {
			return errno(err)
		}
	}
	return f.describe(&out.Attr)
}

func (f *file) Open(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return nil, fuse.FOPEN_KEEP_CACHE, fs.OK
}

func (f *file) Read(
	_ context.Context, _ fs.FileHandle, into []byte, offset int64,
) (fuse.ReadResult, syscall.Errno) {
	n, err := f.ReadAt(into, int(offset))
	return fuse.ReadResultData(into[:n]), errno(err)
}

func (f *file) Write(
	_ context.Context, _ fs.FileHandle, data []byte, offset int64,
) (uint32, syscall.Errno) {
	return uint32(len(data)), errno(f.WriteAt(data, int(offset)))
}

// Fsync is fsync(2) and fdatasync(2) of the file.
func (f *file) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	return errno(f.Sync())
}
