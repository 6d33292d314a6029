package store

import (
	"context"
	"time"
)

// MaxMarks is the bound of LocalLimits.
const MaxMarks = maxMarks

// LocalLimits is how many counters this process keeps.
func (s *Store) LocalLimits() int {
	s.limits.mu.Lock()
	defer s.limits.mu.Unlock()
	return len(s.limits.marks)
}

// TryAt is Try at a moment of the test's choice.
func (s *Store) TryAt(ctx context.Context, now time.Time, key string, n int, first, window time.Duration) time.Duration {
	return s.tryAt(ctx, now, key, n, first, window)
}
