// Package writer makes one writer's attempts: it connects, inserts rows as the scenario says, and
// records the outcome of each attempt. A goroutine uses it directly. A process uses it through
// [Serve], which speaks the line protocol of package protocol.
package writer
