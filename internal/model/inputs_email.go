package model

// EmailInput names an address that a mail is to go to: a link in, a new password.
type EmailInput struct {
	Email    string `json:"email" required:"true"`
	Password string `json:"password" door:"form"` // stands in the same form; not read
	Next     string `json:"next" door:"form"`     // the path to go to afterwards
	Trap
}

// Validate mends and checks it. It says nothing about whether there is such a user.
func (in *EmailInput) Validate() error {
	if err := in.Sprung(); err != nil {
		return err
	}
	p := Problems{}
	var err error
	in.Email, err = keep(in.Email, ParseEmail)
	p.Add("email", err)
	return p.Err()
}

// TokenInput shows the token of a link from a mail.
type TokenInput struct {
	Token  string `json:"token" required:"true" doc:"what stands behind token= in the link"`
	Answer string `json:"answer" door:"form"` // "no" where a page asks yes or no
	Next   string `json:"next" door:"form"`   // the path to go to afterwards
}

// ResetInput chooses a new password by a link from a mail.
type ResetInput struct {
	Token    string `json:"token" required:"true" doc:"what stands behind token= in the link"`
	Password string `json:"password" required:"true" doc:"8 to 128 characters of any kind"`
	Username string `json:"username" door:"form"` // what password managers want to see; not read
}

// Validate mends and checks the password, but for what only the account can tell. The
// token is whoever's who knows it.
func (in *ResetInput) Validate() error {
	p := Problems{}
	var err error
	in.Password, err = newPassword(in.Password, "")
	p.Add("password", err)
	return p.Err()
}

// NewEmailInput asks for another address of the own account.
type NewEmailInput struct {
	Email string `json:"email" required:"true" doc:"the new address; a mail goes there"`
}

// Validate mends and checks it.
func (in *NewEmailInput) Validate() error {
	p := Problems{}
	var err error
	in.Email, err = keep(in.Email, ParseEmail)
	p.Add("email", err)
	return p.Err()
}
