package model

// InviteInput asks an address to work on a profile.
type InviteInput struct {
	Email string `json:"email" required:"true"`
	Role  string `json:"role" required:"true" doc:"editor or viewer"`

	As Role `json:"-"` // Role, once it was validated
}

// Validate mends and checks both fields.
func (in *InviteInput) Validate() error {
	p := Problems{}
	email, err := ParseEmail(in.Email)
	p.Add("email", err)
	if err == nil {
		in.Email = email
	}
	in.As, err = ParseRole(in.Role)
	p.Add("role", err)
	return p.Err()
}

// RoleInput gives somebody another role on a profile.
type RoleInput struct {
	Role string `json:"role" required:"true" doc:"editor or viewer"`

	As Role `json:"-"` // Role, once it was validated
}

// Validate checks the role.
func (in *RoleInput) Validate() (err error) {
	p := Problems{}
	in.As, err = ParseRole(in.Role)
	p.Add("role", err)
	return p.Err()
}

// TransferInput offers a profile to somebody who works on it.
type TransferInput struct {
	Member string `json:"member" required:"true" doc:"the id of an editor or a viewer of the profile"`
	Stays  bool   `json:"stays" doc:"true: you go on as an editor; else you leave the profile"`

	To UserID `json:"-"` // Member, once it was validated
}

// Validate reads the member's id; whether they work on the profile is seen later.
func (in *TransferInput) Validate() (err error) {
	if in.To, err = ParseUserID(in.Member); err != nil {
		return Invalid("member", "Choose somebody who works on this profile.")
	}
	return nil
}
