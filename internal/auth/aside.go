package auth

import (
	"context"
	"encoding/json"
	"time"
)

// layAside keeps a value for whoever brings the secret back, for a while and once.
func (a *Auth) layAside(ctx context.Context, secret string, v any, life time.Duration) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return a.store.LayAside(ctx, secret, text, life)
}

// takeBack gives what was laid aside under a secret, once. ok is false for nothing.
func (a *Auth) takeBack(ctx context.Context, secret string, into any) (ok bool, err error) {
	text, err := a.store.TakeBack(ctx, secret)
	if err != nil || text == nil {
		return false, err
	}
	return true, json.Unmarshal(text, into)
}

// postedLife is how long Apple's answer waits for the browser that posted it.
const postedLife = time.Minute

// Posted is an answer that came by a POST without our cookie.
type Posted struct {
	Code  string `json:"code,omitempty"`
	Error string `json:"error,omitempty"`
	Name  string `json:"name,omitempty"`
}

// KeepPosted keeps an answer until the browser comes with its cookie, under the state
// that it brought: whoever has no such state gets nothing, and neither code nor name
// stands in an address.
func (a *Auth) KeepPosted(ctx context.Context, state string, answer Posted, from From) error {
	if err := a.Limits.Provider(ctx, from.Address); err != nil {
		return err
	}
	return a.layAside(ctx, "posted:"+state, answer, postedLife)
}

// TakePosted gives what KeepPosted kept, once.
func (a *Auth) TakePosted(ctx context.Context, state string) (answer Posted, ok bool, err error) {
	ok, err = a.takeBack(ctx, "posted:"+state, &answer)
	return answer, ok, err
}
