package auth

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/hlpfl/platform/internal/model"
)

// Domains of addresses that are thrown away after one mail; from
// disposable-email-domains 1.0.62 (npm, MIT). The domains of its wildcard list stand
// among them: every domain under one counts too.
//
//go:embed disposable/domains.txt.gz
var disposablePacked []byte

var disposable = sync.OnceValue(func() model.Words { return model.ReadWords(disposablePacked) })

// RefuseDisposable is Invalid for an address, as model.ParseEmail writes it, whose
// mailbox is thrown away: nobody could be reached there, or get back in.
func RefuseDisposable(field, email string) error {
	_, domain, _ := strings.Cut(email, "@")
	for d := domain; strings.Contains(d, "."); _, d, _ = strings.Cut(d, ".") {
		if disposable().Has(d) {
			return model.Invalid(field, "Mail to this address is thrown away soon, and then nobody could get back in. Give an address that you keep.")
		}
	}
	return nil
}
