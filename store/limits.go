package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gomodule/redigo/redis"
)

// Take counts one use against a key and reports how long to wait until the next
// is allowed; 0 means that this one is. At most n are allowed within a window,
// which begins with the first use. While Redis is away, this process counts alone.
func (s *Store) Take(ctx context.Context, key string, n int, window time.Duration) time.Duration {
	if wait, ok := s.askRedis(ctx, takeScript, "limit:"+key, n, window.Milliseconds()); ok {
		return wait
	}
	return s.limits.take(key, n, window, time.Now())
}

// Try counts one try against a key that may fail only so often: n within a window
// are free, and from the last of them on the next one has to wait first seconds,
// then twice as long each time, at most for the window. It reports how long to
// wait; 0 means that this try may be made. A try that succeeds is taken back by
// Forget. Counting before the outcome is known lets no crowd of tries at the same
// moment slip through.
func (s *Store) Try(ctx context.Context, key string, n int, first, window time.Duration) time.Duration {
	return s.tryAt(ctx, time.Now(), key, n, first, window)
}

func (s *Store) tryAt(ctx context.Context, now time.Time, key string, n int, first, window time.Duration) time.Duration {
	if wait, ok := s.askRedis(ctx, tryScript, "tries:"+key, n, first.Milliseconds(), window.Milliseconds(), now.UnixMilli()); ok {
		return wait
	}
	return s.limits.try(key, n, first, window, now)
}

// Forget takes all tries of a key back.
func (s *Store) Forget(ctx context.Context, key string) {
	s.limits.forget(key)
	s.askRedis(ctx, forgetScript, "tries:"+key)
}

// The scripts touch one key each, so they run on a Redis cluster too, and give
// milliseconds to wait.
var (
	takeScript = redis.NewScript(1, `
		local used = redis.call('INCR', KEYS[1])
		if used == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
		if used <= tonumber(ARGV[1]) then return 0 end
		return math.max(redis.call('PTTL', KEYS[1]), 1)`)

	tryScript = redis.NewScript(1, `
		local n, first, window, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
		local open = tonumber(redis.call('HGET', KEYS[1], 'open') or '0')
		if now < open then return math.ceil(open - now) end
		local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
		if tries == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
		if tries >= n then
			local wait = math.min(first * 2 ^ math.min(tries - n, 30), window)
			redis.call('HSET', KEYS[1], 'open', string.format('%.0f', now + wait))
			redis.call('PEXPIRE', KEYS[1], string.format('%.0f', wait + window))
		end
		return 0`)

	forgetScript = redis.NewScript(1, `
		redis.call('DEL', KEYS[1])
		return 0`)
)

// askRedis runs a script that gives milliseconds. ok is false when Redis is away;
// it is then left alone for a second, so that a hanging one costs little.
func (s *Store) askRedis(ctx context.Context, script *redis.Script, key string, args ...any) (wait time.Duration, ok bool) {
	if s.redis == nil || time.Now().UnixMilli() < s.limits.away.Load() {
		return 0, false
	}
	c, err := s.redis.GetContext(ctx)
	if err == nil {
		defer c.Close()
		var ms int64
		if ms, err = redis.Int64(script.DoContext(ctx, c, append([]any{key}, args...)...)); err == nil {
			return time.Duration(ms) * time.Millisecond, true
		}
	}
	if ctx.Err() == nil {
		s.limits.away.Store(time.Now().Add(time.Second).UnixMilli())
	}
	return 0, false
}

// localLimits count within this process.
type localLimits struct {
	away  atomic.Int64 // Unix milliseconds until which Redis is not asked
	mu    sync.Mutex
	marks map[string]*mark
}

type mark struct {
	uses int
	open time.Time // no try before
	ends time.Time // forgotten after
}

// maxMarks bounds the memory of the counters, to about 20 MB.
const maxMarks = 100_000

// at gives the key's counter, a fresh one when the last has ended. Call with mu held.
func (l *localLimits) at(key string, window time.Duration, now time.Time) *mark {
	if m := l.marks[key]; m != nil && now.Before(m.ends) {
		return m
	}
	if l.marks == nil {
		l.marks = map[string]*mark{}
	}
	if len(l.marks) >= maxMarks {
		l.sweep(now)
	}
	m := &mark{ends: now.Add(window)}
	l.marks[key] = m
	return m
}

// sweep makes room: what has ended goes, and when that is too little, any tenth.
func (l *localLimits) sweep(now time.Time) {
	for key, m := range l.marks {
		if !now.Before(m.ends) {
			delete(l.marks, key)
		}
	}
	for key := range l.marks {
		if len(l.marks) < maxMarks*9/10 {
			return
		}
		delete(l.marks, key)
	}
}

func (l *localLimits) take(key string, n int, window time.Duration, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.at("limit:"+key, window, now)
	if m.uses++; m.uses <= n {
		return 0
	}
	return max(m.ends.Sub(now), time.Millisecond)
}

func (l *localLimits) try(key string, n int, first, window time.Duration, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.at("tries:"+key, window, now)
	if now.Before(m.open) {
		return m.open.Sub(now)
	}
	if m.uses++; m.uses >= n {
		wait := min(first<<min(m.uses-n, 20), window)
		m.open, m.ends = now.Add(wait), now.Add(wait+window)
	}
	return 0
}

func (l *localLimits) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.marks, "tries:"+key)
}
