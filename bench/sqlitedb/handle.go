package sqlitedb

import (
	"reflect"
	"unsafe"

	"modernc.org/libc"
	"zombiezen.com/go/sqlite"
)

// handle returns SQLite's own handle of a connection (sqlite3*) and the thread state that calls of
// SQLite on it need. The driver has both in private fields: it offers two busy handlers but no way
// to set another. reflect panics if a later driver has no such fields, or fields of other types.
func handle(db *sqlite.Conn) (*libc.TLS, uintptr) {
	fields := reflect.ValueOf(db).Elem()
	tls := fields.FieldByName("tls")
	if tls.Type() != reflect.TypeFor[*libc.TLS]() {
		panic("sqlite.Conn has a field tls of type " + tls.Type().String())
	}
	return (*libc.TLS)(tls.UnsafePointer()), uintptr(fields.FieldByName("conn").Uint())
}

// functionName returns the name of the function that an action calls. The driver has it in a
// private field: an action has methods for all other arguments of SQLite's authorizer, and its
// String leaves the name out, too.
func functionName(a sqlite.Action) string {
	name := reflect.ValueOf(a).FieldByName("arg2")
	if name.Kind() != reflect.String {
		panic("sqlite.Action has no text in a field arg2")
	}
	return name.String()
}

// cFunction returns a function of the package, not a closure, as a C function pointer of SQLite in
// Go: the address of its code pointer (https://go.dev/s/go11func), as the driver passes its own.
func cFunction[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&struct{ f F }{f})) }
