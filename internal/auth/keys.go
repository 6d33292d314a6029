package auth

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"slices"
	"strings"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// KeyPrefix begins every API key, so that people and scanners for lost secrets know
// it when they see one.
const KeyPrefix = "hlpfl_"

// keyEnding is how many characters of a key are kept, to tell keys apart.
const keyEnding = 4

var keyAlphabet = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// keyLength is that of a whole key: 256 bits behind the prefix.
var keyLength = len(KeyPrefix) + keyAlphabet.EncodedLen(32)

// Key is what an API key may do.
type Key struct {
	ID      model.KeyID
	Profile model.ProfileID // the one profile it is for; zero for all of the user's
	scopes  []string
}

// May reports whether the key was allowed a scope. No key may what has none.
func (k *Key) May(s model.Scope) bool { return s != "" && slices.Contains(k.scopes, string(s)) }

// NewKey makes an API key for a user. The key is given here and never again. Errors
// are AddKey's.
func (a *Auth) NewKey(ctx context.Context, user model.UserID, in model.KeyInput, from From) (model.KeyID, string, error) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	key := KeyPrefix + keyAlphabet.EncodeToString(b[:])
	id := model.NewKeyID()
	err := a.store.AsUser(ctx, user, func(tx *store.UserTx) error {
		err := tx.AddKey(ctx, store.NewKey{
			ID: id, Profile: in.Profile, Name: in.Name, Scopes: in.Scopes, Hash: digest(key), Ending: key[len(key)-keyEnding:], Expires: in.Expires,
		})
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{
			Actor: user, User: user, Action: "key.made", Subject: id.String(), AddressPrefix: Network(from.Address),
			After: map[string]any{"name": in.Name, "scopes": in.Scopes, "profile_id": in.ProfileID, "expires_at": in.Expires},
		})
	})
	return id, key, err
}

// EndKey ends one of the user's API keys. It is NotFound when there is none.
func (a *Auth) EndKey(ctx context.Context, user model.UserID, id model.KeyID, from From) error {
	return a.store.AsUser(ctx, user, func(tx *store.UserTx) error {
		name, err := tx.EndKey(ctx, id)
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{
			Actor: user, User: user, Action: "key.ended", Subject: id.String(), Before: map[string]any{"name": name}, AddressPrefix: Network(from.Address),
		})
	})
}

// IsKey reports whether a bearer token is meant to be an API key.
func IsKey(token string) bool { return strings.HasPrefix(token, KeyPrefix) }

// BearerKey finds whose an API key is. The error is Unauthorized with one message
// whatever was wrong, PlanLimit when the plan has no API access any more, or
// Unavailable.
func (a *Auth) BearerKey(ctx context.Context, key string) (model.User, *Key, error) {
	refused := model.Unauthorized("This API key is not good, or not any more. See the keys of your account.")
	if len(key) != keyLength {
		return model.User{}, nil, refused
	}
	h, ok, err := a.store.KeyHolder(ctx, digest(key))
	if err != nil {
		return model.User{}, nil, err
	}
	if !ok {
		return model.User{}, nil, refused
	}
	if err := store.APIAccess(plans.Plan(h.Plan)); err != nil {
		return model.User{}, nil, err
	}
	k := &Key{ID: h.Key, scopes: h.Scopes}
	if h.Profile != nil {
		k.Profile = *h.Profile
	}
	return h.User, k, nil
}
