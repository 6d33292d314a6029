package artist

import (
	"context"

	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/artist"
)

func (h *Account) factorsPart(ctx context.Context, tx *store.UserTx) (artist.FactorsPart, error) {
	has, err := tx.Factors(ctx)
	p := artist.FactorsPart{Passkeys: len(has.Passkeys), RecoveryLeft: has.RecoveryLeft}
	if has.TOTPSince != nil {
		p.AppSince = *has.TOTPSince
	}
	return p, err
}
