package scenario

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Zombiezen is the driver of the writers in this program.
const Zombiezen = "zombiezen"

// Drivers are the names of the drivers whose writers are part of the project.
var Drivers = []string{Zombiezen, "modernc", "mattn", "ncruces", "python", "node", "c"}

// driverName matches a value of the driver axis.
var driverName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// CheckDriver rejects a text that cannot be a value of the driver axis.
func CheckDriver(name string) error {
	if !driverName.MatchString(name) {
		return fmt.Errorf("bad driver name %q; give %s", name, driverValues)
	}
	return nil
}

const driverValues = "a lower-case letter and up to 31 more letters, digits, - and _"

func driverAxis() axis {
	return axis{
		name: "driver", accepts: strings.Join(Drivers, ", ") + ", or a name given by -driver",
		doc: "program that writes: all but zombiezen are programs of their own, need " +
			"exec=process except those over database/sql (modernc, mattn, ncruces), and are " +
			"built by make drivers; benchmarks other than Burst, Sustained, Harness, Limit, " +
			"Open and PowerLoss leave it out",
		words: Drivers,
		get:   func(s Scenario) string { return s.Driver },
		set: func(s *Scenario, word string) bool {
			s.Driver = word
			return driverName.MatchString(word)
		},
	}
}

// OtherDrivers returns the values of the driver axis other than [Zombiezen].
func (a Axes) OtherDrivers() []string {
	return slices.DeleteFunc(slices.Clone(a.words["driver"]),
		func(word string) bool { return word == Zombiezen })
}
