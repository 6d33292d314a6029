package model

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// How long a password may be, in characters.
const (
	MinPassword = 8
	MaxPassword = 128
)

// MaxUserName is the longest name of a user, in characters.
const MaxUserName = 100

// CleanPassword brings a password into the one form (NFC) in which keyboards of
// all kinds write it alike. Nothing is trimmed, and any character may stand in it
// that can be typed. The error is a Reason.
func CleanPassword(raw string) (string, error) {
	if raw == "" {
		return "", Reason("Write your password.")
	}
	if !utf8.ValidString(raw) || strings.ContainsRune(raw, utf8.RuneError) {
		return "", damaged
	}
	// Counted first: a megabyte is refused for its length and not worked on.
	if n := utf8.RuneCountInString(raw); n > 4*MaxPassword {
		return "", tooLong(n, MaxPassword)
	}
	if i := strings.IndexFunc(raw, unicode.IsControl); i >= 0 {
		r, _ := utf8.DecodeRuneInString(raw[i:])
		return "", Reason("There is an invisible control character (" + codePoint(r) + ") in it. Type the password again instead of copying it.")
	}
	text := norm.NFC.String(raw)
	if n := utf8.RuneCountInString(text); n > MaxPassword {
		return "", tooLong(n, MaxPassword)
	}
	return text, nil
}

// newPassword is CleanPassword for one that is chosen now.
func newPassword(raw, email string) (string, error) {
	text, err := CleanPassword(raw)
	if err != nil {
		return "", err
	}
	return text, CheckNewPassword(text, email)
}

// CheckNewPassword is nil for a clean password that is hard enough to guess for the
// user with this address. The error is a Reason.
func CheckNewPassword(text, email string) error {
	if n := utf8.RuneCountInString(text); n < MinPassword {
		return Reason(fmt.Sprintf("This is too short: %d characters at least. A few words that only you would put together are easy to keep in mind.", MinPassword))
	}
	if commonPassword(text) {
		return Reason("Many people have this password, so it is tried first. A few words that only you would put together are easy to keep in mind.")
	}
	lower := strings.ToLower(text)
	local, _, _ := strings.Cut(email, "@")
	if strings.Count(lower, lower[:utf8len(lower)])*utf8len(lower) == len(lower) {
		return Reason("This is one character over and over. Choose something harder to guess.")
	}
	if bare := strings.Trim(lower, "0123456789 !?.,-_+*#$%&@"); lower == email || lower == local || bare == local || bare == "hlpfl" {
		return Reason("This is your e-mail address, or the name of this place. Choose something that others do not know.")
	}
	return nil
}

// utf8len is the length of the first character, in bytes.
func utf8len(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

func parseLanguage(raw string) (string, error) {
	text := strings.TrimSpace(raw)
	tag, err := language.Parse(text)
	if err != nil || len(text) > 35 || tag == language.Und {
		return "", Reason("This is no language tag. They are written like en, de or pt-BR.")
	}
	return tag.String(), nil
}

// RegisterInput makes an account.
type RegisterInput struct {
	Email    string `json:"email" required:"true" doc:"the address to sign in with; capital letters do not matter"`
	Password string `json:"password" required:"true" doc:"8 to 128 characters of any kind"`
	Name     string `json:"name" doc:"how the user is called; may be left out"`
	TimeZone string `json:"time_zone" doc:"a name like Europe/Berlin; UTC when left out"`
	Handle   string `json:"handle" door:"form"` // asked for on the landing page, kept for the first profile's form
	Trap
}

// Validate mends and checks it.
func (in *RegisterInput) Validate() error {
	if err := in.Sprung(); err != nil {
		return err
	}
	p := Problems{}
	var err error
	in.Email, err = keep(in.Email, ParseEmail)
	p.Add("email", err)
	in.Password, err = newPassword(in.Password, in.Email)
	p.Add("password", err)
	in.Name, err = keep(in.Name, func(raw string) (string, error) { return CleanLine(raw, MaxUserName) })
	p.Add("name", err)
	in.TimeZone, err = keep(in.TimeZone, ParseTimeZone)
	p.Add("time_zone", err)
	return p.Err()
}

// keep mends a value, and leaves what was typed where that cannot be done.
func keep(raw string, mend func(string) (string, error)) (string, error) {
	mended, err := mend(raw)
	if err != nil {
		return raw, err
	}
	return mended, nil
}

// Trap is a field of public forms that people do not see. A program that fills in
// whatever it finds fills it in too.
type Trap struct {
	Website string `json:"website" door:"form"`
}

// Sprung is Invalid when the field was filled in. The form comes back with it empty, so
// that a person, whose browser was overzealous, sends it again.
func (t *Trap) Sprung() error {
	if t.Website == "" {
		return nil
	}
	t.Website = ""
	return &Error{Kind: KindInvalid, Message: "A hidden field was filled in, as programs do. It is empty again: send the form once more."}
}

// LoginInput signs a user in.
type LoginInput struct {
	Email    string `json:"email" required:"true"`
	Password string `json:"password" required:"true"`
	Next     string `json:"next" door:"form"` // the path to go to afterwards
}

// Validate mends and checks it. It says nothing about whether there is such a user.
func (in *LoginInput) Validate() error {
	p := Problems{}
	var err error
	in.Email, err = keep(in.Email, ParseEmail)
	p.Add("email", err)
	in.Password, err = CleanPassword(in.Password)
	p.Add("password", err)
	return p.Err()
}

// PasswordInput chooses a new password.
type PasswordInput struct {
	Current  string `json:"current_password" doc:"the present one; left out where there is none"`
	New      string `json:"password" required:"true" doc:"8 to 128 characters of any kind"`
	Username string `json:"username" door:"form"` // what password managers want to see; not read
}

// Validate mends and checks it, but for what only the account can tell.
func (in *PasswordInput) Validate() error {
	p := Problems{}
	var err error
	if in.Current != "" {
		in.Current, err = CleanPassword(in.Current)
		p.Add("current_password", err)
	}
	in.New, err = newPassword(in.New, "")
	p.Add("password", err)
	return p.Err()
}

// RefreshInput shows a refresh token: for a new pair, or to end its session.
type RefreshInput struct {
	RefreshToken string `json:"refresh_token" required:"true" doc:"from register, login or the last refresh"`
}

// maxRefreshToken is longer than any that we make, in bytes.
const maxRefreshToken = 256

// Validate checks its shape.
func (in *RefreshInput) Validate() error {
	if in.RefreshToken == "" {
		return Invalid("refresh_token", "Send the refresh token that came with the last sign-in or refresh.")
	}
	if len(in.RefreshToken) > maxRefreshToken {
		return Invalid("refresh_token", "This is longer than any refresh token. Send it as it was given.")
	}
	return nil
}

// MeInput changes the own account; what is absent stays.
type MeInput struct {
	Name     *string `json:"name" doc:"how the user is called; empty for no name"`
	Language *string `json:"language" doc:"a tag like en or pt-BR"`
	TimeZone *string `json:"time_zone" doc:"a name like Europe/Berlin"`
}

// Validate mends and checks it.
func (in *MeInput) Validate() error {
	p := Problems{}
	mend := func(field string, value *string, f func(string) (string, error)) {
		if value == nil {
			return
		}
		var err error
		*value, err = keep(*value, f)
		p.Add(field, err)
	}
	mend("name", in.Name, func(raw string) (string, error) { return CleanLine(raw, MaxUserName) })
	mend("language", in.Language, parseLanguage)
	mend("time_zone", in.TimeZone, ParseTimeZone)
	return p.Err()
}
