package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// maxKey is the longest Idempotency-Key, in bytes.
const maxKey = 255

// Idempotent lets a program send a POST again without its being done again.
type Idempotent struct {
	store *store.Store
	log   *slog.Logger
}

// NewIdempotent makes it.
func NewIdempotent(s *store.Store, log *slog.Logger) *Idempotent { return &Idempotent{s, log} }

// Once runs a route for a signed-in user's POST. When the request carries an
// Idempotency-Key that was used before by the same user, it is not run: the same
// request gets the same answer for 24 hours, with Idempotent-Replayed: true;
// another request is Invalid; one that comes while the first is at work is a
// Conflict. An answer that is an error is not kept: nothing was done, so the
// request may be mended and sent again under its key. Nor is one that holds a
// secret: asking for it a second time is a Conflict.
func (i *Idempotent) Once(r *Request, route Route) (Reply, error) {
	h := route.Handle
	keys := r.Request().Header.Values("Idempotency-Key")
	if len(keys) == 0 || IsUpload(r) { // the same file sent twice is one, by its content
		return h(r)
	}
	key := keys[0]
	if len(keys) > 1 || key == "" || len(key) > maxKey || strings.ContainsFunc(key, func(c rune) bool { return c < 0x21 || c > 0x7e }) {
		return Reply{}, model.Invalid("Idempotency-Key", "Send one key of 1 to 255 letters, digits and marks, without spaces.")
	}
	request, err := fingerprint(r)
	if err != nil {
		return Reply{}, err
	}
	ctx := r.Request().Context()
	var state store.ClaimState
	var kept store.Answer
	err = i.store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		state, kept, err = tx.Claim(ctx, key, request)
		return err
	})
	if err != nil {
		return Reply{}, err
	}
	switch state {
	case store.ClaimAnother:
		return Reply{}, model.Invalid("Idempotency-Key", "This key was used for another request. Use a new key for each thing to be done.")
	case store.ClaimAtWork:
		return Reply{}, &model.Error{Kind: model.KindConflict, Message: "The same request is being worked on at this moment. Ask again in a second.", RetryAfter: time.Second}
	case store.ClaimDone:
		if kept.Status == http.StatusConflict {
			return Reply{}, &model.Error{Kind: model.KindConflict, Message: "This was done already under this key. Its answer held a secret that is shown once, so it is not kept."}
		}
		reply := Reply{Status: kept.Status, Header: http.Header{"Idempotent-Replayed": {"true"}}}
		if len(kept.Body) > 0 {
			reply.JSON = json.RawMessage(kept.Body)
		}
		return reply, nil
	}
	return i.first(r, key, route)
}

// first runs a route under a key that was just claimed, and keeps its answer.
func (i *Idempotent) first(r *Request, key string, route Route) (reply Reply, err error) {
	kept := false
	// What was done stays done when the client hangs up, and is kept so.
	ctx := context.WithoutCancel(r.Request().Context())
	defer func() { // also after a panic
		if kept {
			return
		}
		if err := i.store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) error { return tx.ReleaseClaim(ctx, key) }); err != nil {
			i.log.WarnContext(ctx, "an idempotency key stays claimed for a minute", "err", err)
		}
	}()
	reply, err = route.Handle(r)
	if err != nil || reply.Stream != nil {
		return reply, err
	}
	answer := store.Answer{Status: reply.Status}
	if route.Secret {
		answer.Status = http.StatusConflict
	} else if reply.JSON != nil {
		if answer.Body, err = marshal(reply.JSON); err != nil {
			return Reply{}, err
		}
		reply.JSON = json.RawMessage(answer.Body) // the same bytes now and later
	}
	if answer.Status == 0 {
		answer.Status = http.StatusOK
		if answer.Body == nil {
			answer.Status = http.StatusNoContent
		}
	}
	kept = true // it is done: releasing the key would have it done twice
	if err := i.store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) error { return tx.KeepAnswer(ctx, key, answer) }); err != nil {
		i.log.WarnContext(ctx, "an answer was not kept under its idempotency key", "err", err)
	}
	return reply, nil
}

// fingerprint is the hash of what makes two requests the same; the body can be
// read again afterwards.
func fingerprint(r *Request) ([]byte, error) {
	body, err := drain(r)
	if err != nil {
		return nil, err
	}
	r.Request().Body = io.NopCloser(bytes.NewReader(body))
	h := sha256.New()
	for _, part := range []string{r.Request().Method, r.Request().URL.RequestURI(), string(body)} {
		sum := sha256.Sum256([]byte(part)) // parts of fixed length cannot run into each other
		h.Write(sum[:])
	}
	return h.Sum(nil), nil
}
