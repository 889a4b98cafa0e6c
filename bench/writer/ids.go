package writer

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/google/uuid"
)

// IDs draws row ids: UUIDs of version 4 from a seeded stream. The same seed gives the same ids, and
// drawing one needs no system call.
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

// Next draws the next id. The library's own way to draw from a stream allocates each time, which
// is a measurable part of an insert that is not synced.
func (ids IDs) Next() (id uuid.UUID) {
	binary.LittleEndian.PutUint64(id[:8], ids.stream.Uint64())
	binary.LittleEndian.PutUint64(id[8:], ids.stream.Uint64())
	id[6] = id[6]&0x0f | 0x40 // version 4, RFC 9562, section 5.4
	id[8] = id[8]&0x3f | 0x80 // and its variant, section 4.1
	return id
}
