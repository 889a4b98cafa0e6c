// Package share is for what several participants of this process share, such as a pool of
// connections.
package share

import "sync"

// ByDatabase is what the participants of this process share, by database. The first one opens it
// and the last one closes it. The zero value is empty.
type ByDatabase[T any] struct {
	mu   sync.Mutex
	open map[string]*users[T]
}

type users[T any] struct {
	value T
	count int
}

// Join returns what the participants of a database share.
func (s *ByDatabase[T]) Join(database string, open func() (T, error)) (T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.open[database]
	if u == nil {
		value, err := open()
		if err != nil {
			return *new(T), err
		}
		u = &users[T]{value: value}
		if s.open == nil {
			s.open = map[string]*users[T]{}
		}
		s.open[database] = u
	}
	u.count++
	return u.value, nil
}

// Leave gives up what Join has returned.
func (s *ByDatabase[T]) Leave(database string, closeValue func(T) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.open[database]
	if u.count--; u.count > 0 {
		return nil
	}
	delete(s.open, database)
	return closeValue(u.value)
}

// Len returns the number of databases of which something is open.
func (s *ByDatabase[T]) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}
