// Help prints every make target with its variables, and examples.
//
// "make" and "make help" call it, and make calls it for a target that does not exist, which it
// rejects.
package main

import (
	"fmt"

	"busybench/scripts/internal/command"
)

func main() {
	command.Help.Start()
	fmt.Print(command.Overview())
}
