package auth

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// RecoveryCodes is how many there are at first.
const RecoveryCodes = 10

// NewRecoveryCodes gives the user new codes in the place of all before. The error is
// Conflict when there is no second factor that they could stand in for.
func (a *Auth) NewRecoveryCodes(ctx context.Context, who Acting) (codes []string, err error) {
	err = a.store.AsUser(ctx, who.User.ID, func(tx *store.UserTx) error {
		factors, err := lockedFactors(ctx, tx)
		if err != nil {
			return err
		}
		if !factors.Any() {
			return &model.Error{Kind: model.KindConflict, Message: "Recovery codes stand in for a second factor. Set up a passkey or an authenticator app first."}
		}
		if codes, err = setRecoveryCodes(ctx, tx); err != nil {
			return err
		}
		return a.factorChanged(ctx, tx, who, change{action: "recovery_codes.renewed", what: "New recovery codes were made; the old ones are void."})
	})
	return codes, err
}

func setRecoveryCodes(ctx context.Context, tx *store.UserTx) ([]string, error) {
	codes := make([]string, RecoveryCodes)
	hashes := make([][]byte, RecoveryCodes)
	for i := range codes {
		plain := newRecoveryCode()
		codes[i], hashes[i] = grouped(plain), digest(plain)
	}
	return codes, tx.SetRecoveryCodes(ctx, hashes)
}

// newRecoveryCode is 125 random bits: too many to be tried out, so that a fast hash
// is enough to keep it by.
func newRecoveryCode() string {
	b := make([]byte, model.RecoveryCodeLength)
	_, _ = rand.Read(b) // never fails since Go 1.24
	for i := range b {
		b[i] = model.RecoveryAlphabet[b[i]%byte(len(model.RecoveryAlphabet))] // 256 is a multiple of 32: none is likelier
	}
	return string(b)
}

// grouped writes a code in groups of five, as people copy it.
func grouped(code string) string {
	var groups []string
	for i := 0; i < len(code); i += 5 {
		groups = append(groups, code[i:i+5])
	}
	return strings.Join(groups, "-")
}
