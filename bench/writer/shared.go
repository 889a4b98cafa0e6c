package writer

import "sync"

// shared is what the writers of this process share, by database. The first writer opens it and the
// last one closes it.
type shared[T any] struct {
	mu   sync.Mutex
	open map[string]*users[T]
}

type users[T any] struct {
	value T
	count int
}

// join returns what the writers of a database share.
func (s *shared[T]) join(database string, open func() (T, error)) (T, error) {
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

// leave gives up what join has returned.
func (s *shared[T]) leave(database string, closeValue func(T) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.open[database]
	if u.count--; u.count > 0 {
		return nil
	}
	delete(s.open, database)
	return closeValue(u.value)
}
