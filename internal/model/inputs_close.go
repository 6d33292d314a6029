package model

// CloseInput confirms, in a browser, that an account is to be deleted.
type CloseInput struct {
	Email string `json:"email" required:"true" doc:"the account's own address, typed"`
	Typed string `json:"-"` // as it was typed
}

// Validate mends and checks it; whose address it is, only the account can tell.
func (in *CloseInput) Validate() error {
	in.Typed = in.Email
	email, err := ParseEmail(in.Email)
	if err != nil {
		return Invalid("email", err.Error())
	}
	in.Email = email
	return nil
}
