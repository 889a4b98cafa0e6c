package metrics

// The units that benchmarks report.
const (
	NsPerOp          = "ns/op"
	InsertsPerSecond = "inserts/s"
	SyncsPerSecond   = "syncs/s"
	LockErrorPercent = "lockerr-%"
	Attempts         = "attempts"
	LockErrors       = "lockerrs"
	P50              = "p50-ns"
	P99              = "p99-ns"
	Max              = "max-ns"
	Skew             = "skew-ns"
	Jain             = "jain"
	Starve           = "starve-ns"
	LockIdlePercent  = "lockidle-%"
	LockHeldPercent  = "lockheld-%"
	OpenPercent      = "open-%"
	WaitPercent      = "wait-%"
	BeginPercent     = "begin-%"
	InsertPercent    = "insert-%"
	CommitPercent    = "commit-%"
	ClosePercent     = "close-%"
	Threads          = "threads"
	Writers          = "writers"
	WritersFail      = "writers-fail"
	WritersLow       = "writers-low"
	WritersHigh      = "writers-high"
	WritersAbove     = "writers-above"
	LostRows         = "lost-rows"
	Kills            = "kills"
	AckedRows        = "acked-rows"
	TornRows         = "torn-rows"
	DamagedFiles     = "damaged-files"
	HotFiles         = "hot-files"
	KeptTxns         = "kept-txns"
	Recover          = "recover-ns"
	RecoverMax       = "recover-max-ns"
	ReopenMax        = "reopen-max-ns"
	ReadyPerWriter   = "ready-ns/writer"
	StartCPU         = "startcpu-ns/writer"
	PrivateBytes     = "private-B/writer"
	ParentCPUPercent = "parentcpu-%"
	Overhead         = "overhead-ns"
)

// Unit says which direction of a unit is better, for benchstat.
type Unit struct {
	Name   string
	Better string // "higher" or "lower"
}

// Units lists every unit that a benchmark of this project reports.
var Units = []Unit{
	{NsPerOp, lower},
	{InsertsPerSecond, higher},
	{SyncsPerSecond, higher},
	{LockErrorPercent, lower},
	{Attempts, higher},
	{LockErrors, lower},
	{P50, lower},
	{P99, lower},
	{Max, lower},
	{Skew, lower},
	{Jain, higher},
	{Starve, lower},
	{LockIdlePercent, lower},
	{LockHeldPercent, higher},
	{OpenPercent, lower},
	{WaitPercent, lower},
	{BeginPercent, lower},
	{InsertPercent, higher},
	{CommitPercent, higher},
	{ClosePercent, lower},
	{Threads, lower},
	{Writers, higher},
	{WritersFail, higher},
	{WritersLow, higher},
	{WritersHigh, higher},
	{WritersAbove, lower},
	{LostRows, lower},
	{Kills, higher},
	{AckedRows, higher},
	{TornRows, lower},
	{DamagedFiles, lower},
	{HotFiles, higher},
	{KeptTxns, higher},
	{Recover, lower},
	{RecoverMax, lower},
	{ReopenMax, lower},
	{ReadyPerWriter, lower},
	{StartCPU, lower},
	{PrivateBytes, lower},
	{ParentCPUPercent, lower},
	{Overhead, lower},
}

const (
	higher = "higher"
	lower  = "lower"
)

// OldNames maps former names of units, as they stand in older result files, to today's.
var OldNames = map[string]string{"hold-%": LockHeldPercent}
