package tally

// Unit says of a unit which direction is better, as benchstat wants to know it.
type Unit struct {
	Name   string
	Better string // "higher" or "lower"
}

// Units are all units that any benchmark of this project reports.
var Units = []Unit{
	{"ns/op", "lower"},
	{"inserts/s", "higher"},
	{"syncs/s", "higher"},
	{"lockerr-%", "lower"},
	{"attempts", "higher"},
	{"lockerrs", "lower"},
	{"p50-ns", "lower"},
	{"p99-ns", "lower"},
	{"max-ns", "lower"},
	{"skew-ns", "lower"},
	{"jain", "higher"},
	{"starve-ns", "lower"},
	{"lockidle-%", "lower"},
	{"hold-%", "higher"},
	{"open-%", "lower"},
	{"wait-%", "lower"},
	{"begin-%", "lower"},
	{"insert-%", "higher"},
	{"commit-%", "higher"},
	{"close-%", "lower"},
	{"threads", "lower"},
	{"writers", "higher"},
	{"writers-fail", "higher"},
	{"writers-low", "higher"},
	{"writers-high", "higher"},
	{"writers-above", "lower"},
	{"lost-rows", "lower"},
	{"kills", "higher"},
	{"acked-rows", "higher"},
	{"torn-rows", "lower"},
	{"damaged-files", "lower"},
	{"hot-files", "higher"},
	{"kept-txns", "higher"},
	{"recover-ns", "lower"},
	{"recover-max-ns", "lower"},
	{"reopen-max-ns", "lower"},
	{"ready-ns/writer", "lower"},
	{"startcpu-ns/writer", "lower"},
	{"private-B/writer", "lower"},
	{"parentcpu-%", "lower"},
	{"overhead-ns", "lower"},
}
