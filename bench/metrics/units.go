package metrics

// Units that several benchmarks report.
const (
	NsPerOp          = "ns/op"     // measured time of a burst: release to last outcome
	InsertsPerSecond = "inserts/s" // acknowledged rows per second of measured time
	LockErrorPercent = "lockerr-%" // lock errors per attempt
	Attempts         = "attempts"
	LockErrors       = "lockerrs"
	P50              = "p50-ns" // time from an attempt's first act until its caller has an answer
	P99              = "p99-ns"
	Max              = "max-ns"
	AckedP50         = "acked-p50-ns" // the same of acknowledged attempts only, 0 without any
	AckedP99         = "acked-p99-ns"
	Skew             = "skew-ns"    // 99th percentile of the time from release to first act
	Overlap          = "overlap"    // max number of attempts of a burst in flight at once
	LockIdlePercent  = "lockidle-%" // measured time with the write lock idle while writers waited
	LockHeldPercent  = "lockheld-%" // measured time with the write lock held
	LostRows         = "lost-rows"  // acknowledged rows that are not in the file
)

// Units of the shares of callers' time, 100 together. See [Breakdown].
const (
	OpenPercent   = "open-%"   // connecting
	WaitPercent   = "wait-%"   // waiting for the write lock
	BeginPercent  = "begin-%"  // beginning the transaction, including the SELECT of txn=upgrade
	InsertPercent = "insert-%" // inserting with the write lock held
	CommitPercent = "commit-%" // committing, including fsync
	ClosePercent  = "close-%"  // after the release of the write lock
)

// Units of single benchmarks.
const (
	Jain   = "jain"      // Sustained: Jain's fairness index of the rows per writer
	Starve = "starve-ns" // Sustained: longest time a writer went without an acknowledgement

	SyncsPerSecond = "syncs/s" // Ceiling: writes with fsync per second
	Threads        = "threads" // Threads: max number asleep while the lock was held

	Writers      = "writers"       // Limit: largest N that passed while no smaller N failed
	WritersFail  = "writers-fail"  // Limit: smallest N that failed, 0 if none failed
	WritersLow   = "writers-low"   // Limit: lower end of the prediction interval
	WritersHigh  = "writers-high"  // Limit: upper end of the prediction interval
	WritersAbove = "writers-above" // Limit: largest N that passed although a smaller N failed

	Kills        = "kills"          // Faults: number of killed writers
	AckedRows    = "acked-rows"     // Faults: number of acknowledged rows
	TornRows     = "torn-rows"      // Faults: rows of transactions that are in the file in part
	DamagedFiles = "damaged-files"  // Faults: files that failed a check after the kills
	HotFiles     = "hot-files"      // Faults: files with a journal to roll back or a log to recover
	KeptTxns     = "kept-txns"      // Faults: transactions in the file without an acknowledgement
	Recover      = "recover-ns"     // Faults: median time from a kill to the next acknowledgement
	RecoverMax   = "recover-max-ns" // Faults: longest such time
	ReopenMax    = "reopen-max-ns"  // Faults: longest time to open and read the file afterwards

	ReadyPerWriter   = "ready-ns/writer"    // Harness: time to start the writers
	StartCPU         = "startcpu-ns/writer" // Harness: processor time to start the writers
	PrivateBytes     = "private-B/writer"   // Harness: private memory after a burst
	ParentCPUPercent = "parentcpu-%"        // Harness: parent's share of a burst's processor time
	Overhead         = "overhead-ns"        // Harness: time added to an attempt on the bare driver
)

// Unit is a unit with the direction that is better, for benchstat.
type Unit struct {
	Name   string
	Better string // "higher" or "lower"
}

// Units lists every unit that the benchmarks of this project report.
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
	{AckedP50, lower},
	{AckedP99, lower},
	{Skew, lower},
	{Overlap, higher},
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

// OldNames maps names of units in older result files to today's.
var OldNames = map[string]string{"hold-%": LockHeldPercent}
