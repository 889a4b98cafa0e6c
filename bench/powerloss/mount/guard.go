package mount

import (
	"io"
	"os/exec"
	"syscall"
)

// guard is a process that waits for the end of this one, however it comes, and then unmounts what
// is left. Without it a killed run would leave a directory that cannot be removed.
type guard struct {
	cmd  *exec.Cmd
	life io.Closer // ends with this process
}

// unmountScript unmounts its argument at the end of its standard input.
const unmountScript = `read -r _
umount -l -- "$1" || fusermount3 -u -z -- "$1" || fusermount -u -z -- "$1"`

func startGuard(path string) (*guard, error) {
	cmd := exec.Command("/bin/sh", "-c", unmountScript, "sh", path)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // signals of a terminal do not reach it
	life, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		life.Close()
		return nil, err
	}
	return &guard{cmd, life}, nil
}

// end ends the guard. Nothing may be mounted any more.
func (g *guard) end() error {
	err := g.cmd.Process.Kill()
	_ = g.cmd.Wait() // it was killed
	g.life.Close()
	return err
}
