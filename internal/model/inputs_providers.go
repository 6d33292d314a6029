package model

// ProviderStart begins a way to an identity provider.
type ProviderStart struct {
	Next     string `json:"next"`      // the path to go to afterwards
	Handle   string `json:"handle"`    // asked for on the landing page, kept for the first profile's form
	TimeZone string `json:"time_zone"` // of a new account, as a script filled it in
}

// Validate mends it: a script filled in the time zone, and nobody could mend that.
func (in *ProviderStart) Validate() error {
	zone, err := ParseTimeZone(in.TimeZone)
	if err != nil {
		zone = ""
	}
	in.TimeZone = zone
	return nil
}

// AddressInput is an address that somebody writes.
type AddressInput struct {
	Email string `json:"email" required:"true"`
}

// Validate mends and checks it.
func (in *AddressInput) Validate() (err error) {
	in.Email, err = keep(in.Email, ParseEmail)
	p := Problems{}
	p.Add("email", err)
	return p.Err()
}
