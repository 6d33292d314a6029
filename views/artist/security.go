package artist

import (
	"time"

	"github.com/hlpfl/platform/views/ui"
)

// Security is the page of how one signs in. Each part has a file of its own.
type Security struct {
	App      ui.App
	Email    string
	Mail     EmailPart
	Password PasswordPart
	Factors  FactorsPart
	Now      time.Time

	Connections ConnectionsPart
}
