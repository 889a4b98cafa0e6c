package sqlitefile

// The bytes of the database that connections lock. A reader has a read lock on the shared range. A
// writer has a write lock on the reserved byte, then on the pending byte while it waits for readers
// to finish, and then on the shared range, too, while it writes to the database.
const (
	PendingByte  = 0x40000000
	ReservedByte = PendingByte + 1
	SharedFirst  = PendingByte + 2
	SharedSize   = 510
	SharedLast   = SharedFirst + SharedSize - 1
)

// Readers is the number of reader marks in WAL mode.
const Readers = 5

// The bytes of the -shm file that connections lock in WAL mode.
const (
	WriteByte      = 120
	CheckpointByte = 121
	RecoverByte    = 122
	ReadByte       = 123 // of reader mark 0
	LastReadByte   = ReadByte + Readers - 1
	ConnectedByte  = 128 // of each connection, for as long as it is open
)
