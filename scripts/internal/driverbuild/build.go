// Package driverbuild builds the writer programs of other drivers, those of bench/drivers. What a
// program needs and the machine lacks is not an error: the program is left out.
package driverbuild

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/google/renameio/v2"

	"busybench/bench/format"
)

// Builder builds programs.
type Builder struct {
	top string // of the repository, an absolute path
	dir string // that the programs go to, an absolute path
}

// New returns a builder that puts programs into a directory. Top is the directory of the
// repository.
func New(top, dir string) (b Builder, err error) {
	if b.top, err = filepath.Abs(top); err == nil {
		b.dir, err = filepath.Abs(dir)
	}
	if err == nil {
		err = os.MkdirAll(b.dir, 0o755)
	}
	return b, err
}

// Missing is the error of a driver for which the machine lacks something.
type Missing struct{ Text string }

func (m Missing) Error() string { return m.Text }

// program is a driver that can be built.
type program struct {
	name  string
	build func(Builder, context.Context, string) error // to a path
}

var all = []program{
	{"python", Builder.python},
	{"c", Builder.c},
	{"node", Builder.node},
	{"modernc", func(b Builder, ctx context.Context, path string) error {
		return b.goProgram(ctx, "modernc", path, "0")
	}},
	{"mattn", func(b Builder, ctx context.Context, path string) error {
		if _, err := b.compiler(); err != nil {
			return err
		}
		return b.goProgram(ctx, "mattn", path, "1")
	}},
	{"ncruces", func(b Builder, ctx context.Context, path string) error {
		return b.goProgram(ctx, "ncruces", path, "0")
	}},
}

// Names returns the names of the drivers that can be built.
func Names() (names []string) {
	for _, p := range all {
		names = append(names, p.name)
	}
	return names
}

// Build builds the program of a driver and returns its path. The error is a [Missing] if the
// machine lacks something. The program of an earlier build is removed then.
func (b Builder) Build(ctx context.Context, name string) (path string, err error) {
	path = filepath.Join(b.dir, name)
	err = fmt.Errorf("there is no driver %s to be built", name)
	for _, p := range all {
		if p.name == name {
			err = p.build(b, ctx, path)
		}
	}
	if err != nil {
		_ = os.Remove(path) // there may be none
	}
	return path, err
}

// IsQuick reports whether a driver can be built without compiling what stays after the build.
func IsQuick(top, name string) bool {
	_, err := os.Stat(filepath.Join(top, modules, "installed.json"))
	return name != "node" || err == nil
}

// source returns the path of a file or folder of a driver.
func (b Builder) source(elements ...string) string {
	return filepath.Join(append([]string{b.top, "bench", "drivers"}, elements...)...)
}

// need returns an error if a command is not on the machine.
func need(command, debian string) error {
	if _, err := exec.LookPath(command); err != nil {
		return Missing{fmt.Sprintf("it needs %s (Debian: %s)", command, debian)}
	}
	return nil
}

// compiler returns the C compiler.
func (b Builder) compiler() (string, error) {
	words := strings.Fields(os.Getenv("CC"))
	if len(words) == 0 {
		words = []string{"gcc"}
	}
	return words[0], need(words[0], "gcc")
}

// run runs a command in a directory. The error has the end of what it printed.
func run(ctx context.Context, dir string, env []string, words ...string) error {
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	out := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(words, " "), err, tail(out.String()))
	}
	return nil
}

// tail returns the last lines of a text as one line.
func tail(text string) string {
	const shown = 300
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > shown {
		text = "... " + strings.ToValidUTF8(text[len(text)-shown:], "")
	}
	return text
}

// python links to the script, which has its interpreter in its first line.
func (b Builder) python(ctx context.Context, path string) error {
	if err := need("python3", "python3"); err != nil {
		return err
	}
	const check = "import sqlite3, sys; sys.exit(sys.version_info < (3, 11))"
	if err := run(ctx, b.top, nil, "python3", "-c", check); err != nil {
		return Missing{"it needs Python 3.11 or newer, with its module sqlite3"}
	}
	return renameio.Symlink(b.source("python", "writer.py"), path)
}

func (b Builder) c(ctx context.Context, path string) error {
	compiler, err := b.compiler()
	if err == nil {
		err = need("pkg-config", "pkg-config")
	}
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "pkg-config", "--cflags", "--libs", "sqlite3").Output()
	if err != nil {
		return Missing{"it needs the headers of SQLite (Debian: libsqlite3-dev)"}
	}
	words := []string{compiler, "-O2", "-o", path, b.source("c", "writer.c"), "-pthread"}
	return run(ctx, b.top, nil, append(words, strings.Fields(string(out))...)...)
}

// goProgram builds a program of the module bench/drivers/go.
func (b Builder) goProgram(ctx context.Context, name, path, cgo string) error {
	if err := need("go", "golang-go"); err != nil {
		return err
	}
	dir, env := b.source("go"), []string{"CGO_ENABLED=" + cgo, "GOFLAGS=-mod=readonly"}
	// A list of the packages needs all modules, but compiles none.
	if err := run(ctx, dir, env, "go", "list", "-deps", "./"+name); err != nil {
		return Missing{"its modules cannot be downloaded: " + err.Error()}
	}
	return run(ctx, dir, env, "go", "build", "-o", path, "./"+name)
}

// modules is the directory, below the top of the repository, for better-sqlite3, which takes a
// minute to compile.
const modules = ".build/node"

func (b Builder) modules() string { return filepath.Join(b.top, modules) }

// node makes a script that starts the writer with the modules of package-lock.json.
func (b Builder) node(ctx context.Context, path string) error {
	for _, command := range []string{"node", "npm"} {
		if err := need(command, "nodejs npm"); err != nil {
			return err
		}
	}
	if err := b.installModules(ctx); err != nil {
		return err
	}
	script := fmt.Sprintf("#!/bin/sh\nNODE_PATH=%s exec node %s\n",
		format.InQuotes(filepath.Join(b.modules(), "node_modules")),
		format.InQuotes(b.source("node", "writer.js")))
	return renameio.WriteFile(path, []byte(script), 0o755)
}

// installModules installs the modules of package-lock.json, unless they are there.
func (b Builder) installModules(ctx context.Context) error {
	lock, err := os.ReadFile(b.source("node", "package-lock.json"))
	if err != nil {
		return err
	}
	installed := filepath.Join(b.modules(), "installed.json")
	if have, err := os.ReadFile(installed); err == nil && bytes.Equal(have, lock) {
		return nil
	}
	if err := os.MkdirAll(b.modules(), 0o755); err != nil {
		return err
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(b.source("node", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(b.modules(), name), text, 0o644)
		}
		if err != nil {
			return err
		}
	}
	if err := run(ctx, b.modules(), nil, "npm", "ci", "--no-audit", "--no-fund"); err != nil {
		return Missing{"its modules cannot be installed: " + err.Error()}
	}
	return renameio.WriteFile(installed, lock, 0o644)
}
