// Package lifetime stub, replaced when helper work is merged.
package lifetime

import "syscall"

import "os"

// Signals are the signals to handle.
var Signals = []os.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGABRT, syscall.SIGPIPE}

// Watch calls f when the parent exits.
func Watch(f func()) {}
