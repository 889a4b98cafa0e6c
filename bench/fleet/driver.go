package fleet

import (
	"busybench/bench/protocol"
	"busybench/bench/scenario"
)

// Describe starts a writer by the words of a command, and returns the driver that it names in its
// hello.
func Describe(command []string) (protocol.Driver, error) {
	f, err := Commands(Options{}, command[0], command[1:]...)
	if err != nil {
		return protocol.Driver{}, err
	}
	defer f.Close()
	if err := f.Grow(1); err != nil {
		return protocol.Driver{}, err
	}
	return f.members[0].(*process).driver, nil
}

// check rejects a scenario that needs what the driver of a process lacks.
func (f *Fleet) check(s scenario.Scenario) error {
	for _, m := range f.members {
		if p, ok := m.(*process); ok {
			return p.driver.Check(s)
		}
	}
	return nil
}
