package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/gomodule/redigo/redis"

	"github.com/hlpfl/platform/internal/model"
)

// LayAside keeps a text in Redis for whoever knows the secret, for as long as life at
// most. The secret itself is not kept. The error is Unavailable while Redis is away.
func (s *Store) LayAside(ctx context.Context, secret string, text []byte, life time.Duration) error {
	_, err := s.aside(ctx, "SET", asideKey(secret), text, "PX", life.Milliseconds())
	return err
}

// TakeBack gives what was laid aside under a secret and forgets it: of many who ask at
// the same moment, one gets it. nil for nothing.
func (s *Store) TakeBack(ctx context.Context, secret string) ([]byte, error) {
	text, err := redis.Bytes(s.aside(ctx, "GETDEL", asideKey(secret)))
	if errors.Is(err, redis.ErrNil) {
		return nil, nil
	}
	return text, err
}

func (s *Store) aside(ctx context.Context, command string, args ...any) (any, error) {
	c, err := s.redis.GetContext(ctx)
	if err != nil {
		return nil, model.Unavailable(err)
	}
	defer c.Close()
	said, err := redis.DoContext(c, ctx, command, args...)
	if err != nil {
		return nil, model.Unavailable(err)
	}
	return said, nil
}

func asideKey(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return "aside:" + hex.EncodeToString(sum[:])
}
