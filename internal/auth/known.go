package auth

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
)

// Known devices: a browser that somebody signed in with before carries a mark that
// only we can make. Its tries are counted by themselves, so that strangers who guess
// at an account hold up strangers alone, and never the owner at home.

// maxMark is longer than any mark, in bytes.
const maxMark = 200

// mark makes one for the browser of the account with this address.
func (a *Auth) mark(email string) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(a.known.seal(b[:], email))
}

// tryKey is what a try to sign in as an address is counted by: the browser, where it
// carries a mark of that account, else the account.
func (a *Auth) tryKey(email, mark string) string {
	if mark == "" || len(mark) > maxMark {
		return accountKey(email)
	}
	sealed, err := base64.RawURLEncoding.DecodeString(mark)
	if err != nil {
		return accountKey(email)
	}
	id, _, err := a.known.open(sealed, email)
	if err != nil {
		return accountKey(email)
	}
	return "device:" + hex.EncodeToString(id)
}
