package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/hlpfl/platform/config"
)

// sealer keeps what must be read again and yet not stand in a backup: AES-256-GCM
// under a key of its own for each use, made from each SECRET_KEY.
type sealer struct{ keys []cipher.AEAD } // the first seals, all open

func newSealer(secrets []config.Key, use string) (sealer, error) {
	var s sealer
	for _, secret := range secrets {
		key, err := hkdf.Key(sha256.New, secret, nil, use, 32)
		if err != nil {
			return s, fmt.Errorf("key for %s: %w", use, err)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return s, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return s, err
		}
		s.keys = append(s.keys, aead)
	}
	if len(s.keys) == 0 {
		return s, errors.New("no SECRET_KEY to seal with")
	}
	return s, nil
}

// seal closes a text for its owner: moved to another's row it does not open.
func (s sealer) seal(plain []byte, owner string) []byte {
	return s.keys[0].Seal(nil, nil, plain, []byte(owner))
}

// open gives the text back. old tells that it was sealed with a key that is no longer
// the first, and is to be sealed anew before that one goes.
func (s sealer) open(sealed []byte, owner string) (plain []byte, old bool, err error) {
	for i, key := range s.keys {
		if plain, err = key.Open(nil, nil, sealed, []byte(owner)); err == nil {
			return plain, i > 0, nil
		}
	}
	return nil, false, fmt.Errorf("sealed with a SECRET_KEY that is not among those given: %w", err)
}
