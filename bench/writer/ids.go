package writer

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/google/uuid"
)

// IDs draws row ids: UUIDs of version 4 from a seeded stream, so that the same seed names the
// same rows again, without a system call for each.
type IDs struct {
	stream *rand.ChaCha8
}

// NewIDs returns the stream of one writer of one round. Different writers and seeds draw from
// different streams.
func NewIDs(seed uint64, writer int) IDs {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[0:], seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(writer))
	return IDs{rand.NewChaCha8(key)}
}

// Next draws the next id.
func (ids IDs) Next() uuid.UUID {
	// A ChaCha8 never fails to read, so that neither does this.
	return uuid.Must(uuid.NewRandomFromReader(ids.stream))
}
