// Package writer makes one writer's attempts: it connects, inserts as the scenario says, and
// keeps an outcome of each attempt. A goroutine uses it directly. A process uses it through
// [Serve], which speaks the line protocol of package protocol. Both run the same code.
package writer
