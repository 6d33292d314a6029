package web

import (
	"encoding/json"

	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
)

// ceremonyKey is where a browser's entry holds the secret of the ceremony that its
// passkey is at. The page never sees it.
const ceremonyKey = "ceremony"

// PasskeyOptions are what a passkey is asked, as programs get it.
type PasskeyOptions struct {
	Ceremony string          `json:"ceremony" doc:"to be sent with the answer, within five minutes"`
	Options  json.RawMessage `json:"options" doc:"publicKey for navigator.credentials, with bytes in base64url"`
}

// Asked gives a passkey's question: whole to a program; to a browser's script without
// the secret, which stays behind its cookie.
func (k *Cookies) Asked(r *Request, asked auth.Asked, err error) (Reply, error) {
	if err != nil {
		return Reply{}, err
	}
	if r.Door == API {
		return Reply{JSON: PasskeyOptions{asked.Ceremony, asked.Options}}, nil
	}
	return Reply{Script: asked.Options}, k.Note(r.Context, ceremonyKey, asked.Ceremony)
}

// Ceremony is the one that a passkey's answer belongs to: what a program sends; a
// browser's own, whatever it sends.
func (k *Cookies) Ceremony(r *Request, sent string, answer model.PasskeyAnswer) (string, error) {
	if r.Door == API || answer == "" {
		return sent, nil
	}
	return k.Take(r.Context, ceremonyKey)
}
