package metrics

// Unit is a unit of a benchmark's results.
type Unit struct {
	Name   string
	Better string // the direction that is better, for benchstat: "higher", "lower" or "none"
	Of     string // the benchmarks that report it, such as "Burst, Sustained"
	Doc    string // what it is, a phrase in lower case
}

// Units lists every unit that the benchmarks report, in the order in which they are declared below.
var Units []Unit

// declare adds a unit to [Units] and returns its name.
func declare(name, better, of, doc string) string {
	Units = append(Units, Unit{name, better, of, doc})
	return name
}

const (
	higher = "higher"
	lower  = "lower"
	none   = "none" // a larger value may be better or worse

	writing    = "Burst, Sustained" // the benchmarks in which writers write undisturbed
	attempting = writing + ", Open" // and those in which participants start, each an attempt

	limitRate = "Limit over rate" // in place of the units of Limit
)

// Rates, counts and times.
var (
	NsPerOp = declare("ns/op", lower, "Burst, Open, Ceiling",
		"Burst, Open: time from the release to the last outcome; Ceiling: time of one write")
	InsertsPerSecond = declare("inserts/s", higher, "Burst, Sustained, Ceiling, PowerLoss",
		"acknowledged rows per second of measured time: of a burst until its last outcome, "+
			"of a sustained round its length; PowerLoss: of a sustained round of a second on the "+
			"ordinary disk")
	SyncsPerSecond = declare("syncs/s", higher, "Ceiling",
		"writes with fsync per second")
	LockErrorPercent = declare("lockerr-%", lower, attempting,
		"lock errors per 100 attempts")
	LockErrorWriters = declare("lockerr-writers-%", lower, attempting,
		"share of the writers that met a lock error, by round, averaged over the rounds")
	Rounds = declare("rounds", none, attempting,
		"number of counted rounds in the whole benchmark")
	LockErrorRounds = declare("lockerr-rounds", lower, attempting,
		"number of these rounds with a lock error")
	Attempts = declare("attempts", none, "Burst, Sustained, Open, Faults, PowerLoss",
		"number of attempts in the whole benchmark")
	LockErrors = declare("lockerrs", lower, "Burst, Sustained, Open, Faults, PowerLoss",
		"number of lock errors in the whole benchmark")
	P50 = declare("p50-ns", lower, attempting,
		"median time until a caller has its answer, good or bad; exact, over all attempts. "+
			"The callers of a burst and of Open come at the release, those of a sustained round "+
			"when their attempt begins")
	P95 = declare("p95-ns", lower, attempting,
		"95th percentile of that time")
	P99 = declare("p99-ns", lower, attempting,
		"99th percentile of that time")
	P999 = declare("p999-ns", lower, attempting,
		"99.9th percentile of that time; of fewer than 1,000 attempts the longest")
	Max = declare("max-ns", lower, attempting,
		"the longest such time")
	AckedP50 = declare("acked-p50-ns", lower, attempting,
		"p50-ns of acknowledged attempts only; 0 if there are none")
	AckedP99 = declare("acked-p99-ns", lower, attempting,
		"p99-ns of acknowledged attempts only; 0 if there are none")
	ArrivalP50 = declare("arrival-p50-ns", lower, "Sustained",
		"median wait of a caller that comes at any instant of the round: over the attempts, each "+
			"weighted by how long it lasts")
	ArrivalP99 = declare("arrival-p99-ns", lower, "Sustained",
		"99th percentile of that wait")
	Offered = declare("offered/s", none, "Sustained",
		"arrivals per second of an open loop (axis rate); 0 in a closed one")
	LatePercent = declare("late-%", lower, "Sustained",
		"share of these whose attempt began over 1 ms after the arrival")
	LastAck = declare("last-ack-ns", lower, "Burst, Open",
		"time from the release to the last acknowledgement, averaged over the rounds; in Open "+
			"until the last participant that succeeds has read")
	Skew = declare("skew-ns", lower, "Burst, Open, Harness",
		"99th percentile of the time from the release to a writer's first act")
	Overlap = declare("overlap", none, "Burst, Open",
		"max number of attempts of a burst in flight at once")
	Jain = declare("jain", higher, "Sustained",
		"Jain's fairness index of the rows per writer, by round, averaged over the rounds: 1 "+
			"means equal shares, 1/N that one of N writers has all rows")
	Stall = declare("stall-ns", lower, writing,
		"longest part of the measured time in which no writer got an acknowledgement")
	CPUPerInsert = declare("cpu-ns/insert", lower, writing,
		"processor time of all participants per acknowledged row of the writers, the load after "+
			"a sustained round included; 0 if there are no such rows; for goroutines that of the "+
			"whole process")
	Starve = declare("starve-ns", lower, "Sustained",
		"longest time that a writer went without an acknowledgement, from the release to the "+
			"end of the round or of an attempt under way then")
)

// The steps of a cold start.
var (
	JournalErrors = declare("journalerr-%", lower, "Open",
		"share of the participants that met a lock error in PRAGMA journal_mode; with the next "+
			"two, and time-outs of the queue, that is lockerr-%")
	SchemaErrors = declare("schemaerr-%", lower, "Open",
		"share of those that met one after that and before the first read: in the other pragmas, "+
			"reading the schema or creating the table")
	FirstReadErrors = declare("firstreaderr-%", lower, "Open",
		"share of those that met one at the first read")
)

// Readers, and the write-ahead log.
var (
	ReadsPerSecond = declare("reads/s", higher, writing,
		"reads of all readers per second of measured time; like the next four 0 without readers, "+
			"whose reads and lock errors are in no other unit")
	ReadErrorPercent = declare("readerr-%", lower, writing,
		"lock errors of readers per 100 reads that began in the measured time")
	ReadP50 = declare("read-p50-ns", lower, writing,
		"median time of such a read, good or bad; with read=hold the time that it is kept open, "+
			"or until the end of the round, is part of it")
	ReadP99 = declare("read-p99-ns", lower, writing,
		"99th percentile of that time")
	ReadMax = declare("read-max-ns", lower, writing,
		"the longest such time")
	WALBytes = declare("wal-B", lower, writing,
		"largest size of the file of the write-ahead log, looked at every 100 ms and when the "+
			"last attempt that counts has ended; a burst with conn=fresh may remove the file "+
			"before; 0 with another journal")
)

// Shares of time.
var (
	LockIdlePercent = declare("lockidle-%", lower, writing,
		"share of the measured time in which the write lock was idle while at least one writer "+
			"waited for it, since its first refusal")
	LockHeldPercent = declare("lockheld-%", none, writing,
		"share of the measured time in which a participant held the write lock; "+
			"hold-% in older snapshots")

	// Shares of the callers' time, 100 together. See [Breakdown].

	OpenPercent = declare("open-%", none, writing,
		"share of the callers' time spent connecting, without waiting for a lock")
	WaitPercent = declare("wait-%", lower, writing,
		"share spent waiting, from the first refusal of a lock, or of a place in the queue, "+
			"until the writer has the write lock or its attempt ends, whether the lock is idle "+
			"or held meanwhile")
	BeginPercent = declare("begin-%", none, writing,
		"share spent from the connection until the writer has the write lock, without waiting; "+
			"with the read and the pause of txn=upgrade")
	InsertPercent = declare("insert-%", none, writing,
		"share spent inserting with the write lock held; the time of the axis hold included")
	CommitPercent = declare("commit-%", none, writing,
		"share spent committing, with fsync")
	ClosePercent = declare("close-%", none, writing,
		"share of the rest, after the write lock is released, such as closing the connection")
)

// Units of single benchmarks, and lost rows.
var (
	Threads = declare("threads", lower, "Threads",
		"max number of threads asleep at one moment, in SQLite's busy timeout or in the queue, "+
			"while the lock was held, beyond those that were before")

	Writers = declare("writers", higher, "Limit",
		"largest N that passed while no smaller N failed; 0 if even one writer fails")
	WritersFail = declare("writers-fail", none, "Limit",
		"smallest N that failed; 0 if none failed, so that the limit is at least writers, "+
			"which is better than any other value")
	WritersLow = declare("writers-low", higher, "Limit",
		"lower end of the 95 % prediction interval for a repeated search")
	WritersHigh = declare("writers-high", higher, "Limit",
		"upper end of that interval")
	WritersAbove = declare("writers-above", lower, "Limit",
		"largest N that passed although a smaller N failed; 0 if there is none")
	WritersCut = declare("writers-cut", lower, "Limit",
		"number of searches that -limit.time cut short: 0 or 1, except with very short searches")

	// The same with -limit.over=rate, in place of those above.

	Rate = declare("rate", higher, limitRate,
		"largest number of arrivals per second that passed while no smaller one failed; 0 if even "+
			"one fails")
	RateFail = declare("rate-fail", none, limitRate,
		"smallest such number that failed; 0 if none failed, so that the limit is at least rate, "+
			"which is better than any other value")
	RateLow = declare("rate-low", higher, limitRate,
		"lower end of the 95 % prediction interval for a repeated search")
	RateHigh = declare("rate-high", higher, limitRate,
		"upper end of that interval")
	RateAbove = declare("rate-above", lower, limitRate,
		"largest such number that passed although a smaller one failed; 0 if there is none")
	RateCut = declare("rate-cut", lower, limitRate,
		"number of searches that -limit.time cut short: 0 or 1, except with very short searches")

	LostRows = declare("lost-rows", lower, "Burst, Sustained, Faults",
		"acknowledged rows that are not in the file; always 0, because any other number "+
			"fails the benchmark")

	Kills = declare("kills", higher, "Faults",
		"number of killed participants")
	AckedRows = declare("acked-rows", higher, "Faults, PowerLoss",
		"number of acknowledged rows")
	TornRows = declare("torn-rows", lower, "Faults",
		"rows of transactions that are in the file in part; not 0 fails the benchmark, "+
			"except with journal=off and memory")
	DamagedFiles = declare("damaged-files", lower, "Faults",
		"files that failed a check after the kills; not 0 fails the benchmark, "+
			"except with journal=off and memory")
	HotFiles = declare("hot-files", higher, "Faults",
		"files with a journal to roll back or a log to recover after all writers were killed")
	KeptTxns = declare("kept-txns", higher, "Faults",
		"transactions in the file without an acknowledgement")
	Recover = declare("recover-ns", lower, "Faults",
		"median time from a kill to the next acknowledgement of any writer")
	RecoverMax = declare("recover-max-ns", lower, "Faults",
		"the longest such time")
	ReopenMax = declare("reopen-max-ns", lower, "Faults",
		"longest time to connect to and read the file after all writers were killed")

	Cuts = declare("cuts", higher, "PowerLoss",
		"number of moments at which the power was cut; each is judged by the worst that any of "+
			"the models made of it")
	LostCuts = declare("lost-cuts", lower, "PowerLoss",
		"cuts after which acknowledged rows were not in the file; not 0 fails the benchmark if "+
			"SQLite promises otherwise, like the units that follow")
	LostP50 = declare("lost-p50-rows", lower, "PowerLoss",
		"median number of such rows, over all cuts")
	LostMax = declare("lost-max-rows", lower, "PowerLoss",
		"the largest such number")
	LostTimeP50 = declare("lost-p50-ns", lower, "PowerLoss",
		"median time from the first acknowledgement that was lost to the cut, on a disk that "+
			"takes no time to sync")
	LostTimeMax = declare("lost-max-ns", lower, "PowerLoss",
		"the longest such time")
	DamagedCuts = declare("damaged-cuts", lower, "PowerLoss",
		"cuts after which the file could not be read, failed integrity_check, had a transaction "+
			"in part, or lacked one that is older than one in it")
	DamagedAll = declare("damaged-all", lower, "PowerLoss",
		"such cuts if all that was not synced was lost")
	DamagedRandom = declare("damaged-random", lower, "PowerLoss",
		"if each write and each name that was not synced was kept or lost by itself")
	DamagedTorn = declare("damaged-torn", lower, "PowerLoss",
		"if each sector was")
	DamagedMetadata = declare("damaged-metadata", lower, "PowerLoss",
		"if data was kept, and each name and size was kept or lost")
	ReturnedRows = declare("returned-rows", lower, "PowerLoss",
		"rows in the file whose transaction had been refused")

	ReadyPerWriter = declare("ready-ns/writer", lower, "Harness",
		"time from the start of writer processes until all are ready, per writer")
	StartCPU = declare("startcpu-ns/writer", lower, "Harness",
		"processor time of that, per writer")
	PrivateBytes = declare("private-B/writer", lower, "Harness",
		"private memory of a writer process after a burst, "+
			"Private_Clean + Private_Dirty of /proc/PID/smaps_rollup")
	ParentCPUPercent = declare("parentcpu-%", lower, "Harness",
		"parent's share of a burst's processor time")
	Overhead = declare("overhead-ns", lower, "Harness",
		"how much longer an attempt of a writer process takes, with all that measures it, than "+
			"in a bare loop (probe=off in Ceiling) while the other writers sleep")
)

// OldNames maps names of units in older result files to today's.
var OldNames = map[string]string{"hold-%": LockHeldPercent}
