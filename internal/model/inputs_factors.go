package model

import "strings"

// What a recovery code is made of: RecoveryCodeLength letters and digits of this
// alphabet, in which none looks like another. Five bits each make 125.
const (
	RecoveryAlphabet   = "abcdefghijkmnpqrstuvwxyz23456789"
	RecoveryCodeLength = 25
)

const (
	totpDigits = 6
	// maxTypedCode is longer than any code with all that people put between its parts.
	maxTypedCode = 80
	// maxPasskeyAnswer is far more than an authenticator has to say, in bytes.
	maxPasskeyAnswer = 64 << 10
	// maxSecret is longer than any challenge that we make, in bytes.
	maxSecret = 256
	// MaxPasskeyName is the longest name of a passkey, in characters.
	MaxPasskeyName = 60
)

// ParseTOTPCode reads the six digits that an app shows. The error is a Reason.
func ParseTOTPCode(raw string) (string, error) {
	code, err := typedCode(raw)
	if err != nil || len(code) != totpDigits || strings.Trim(code, "0123456789") != "" {
		return "", Reason("Write the six digits that your app shows now.")
	}
	return code, nil
}

// ParseFactorCode reads the six digits of an app or a recovery code; recovery tells
// which it is. Capital letters and what stands between the groups do not matter.
// The error is a Reason.
func ParseFactorCode(raw string) (code string, recovery bool, err error) {
	if code, err := ParseTOTPCode(raw); err == nil {
		return code, false, nil
	}
	code, err = typedCode(raw)
	if err != nil || len(code) != RecoveryCodeLength || strings.Trim(code, RecoveryAlphabet) != "" {
		return "", false, Reason("Write the six digits that your app shows now, or one of your recovery codes: five groups of five.")
	}
	return code, true, nil
}

// typedCode takes out what people put between the parts of a code. Digits of other
// scripts are no digits of ours: what looks alike must not count as alike.
func typedCode(raw string) (string, error) {
	if len(raw) > maxTypedCode {
		return "", Reason("This is longer than any code.")
	}
	return strings.ToLower(strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "\t", "").Replace(raw)), nil
}

// PasskeyAnswer is what an authenticator answered, as JSON: an object at the API's
// door, its text in a form.
type PasskeyAnswer string

// UnmarshalJSON keeps it as it came.
func (p *PasskeyAnswer) UnmarshalJSON(raw []byte) error {
	*p = PasskeyAnswer(raw)
	return nil
}

func (p PasskeyAnswer) check(problems Problems) {
	if len(p) > maxPasskeyAnswer {
		problems.Add("credential", Reason("This is more than an authenticator has to say. Send its answer as it was."))
	}
}

// SecondFactorInput is the second proof of a sign-in: a code, or a passkey's answer.
type SecondFactorInput struct {
	Challenge  string        `json:"challenge" required:"true" doc:"from the answer to the first proof"`
	Code       string        `json:"code" doc:"six digits of an authenticator app, or a recovery code"`
	Ceremony   string        `json:"ceremony" doc:"instead of a code: from /api/auth/second-factor/options"`
	Credential PasskeyAnswer `json:"credential" doc:"with ceremony: what the authenticator answered"`
}

// Validate checks its shape.
func (in *SecondFactorInput) Validate() error {
	p := Problems{}
	checkSecret(p, "challenge", in.Challenge)
	checkSecret(p, "ceremony", in.Ceremony)
	in.Credential.check(p)
	if in.Credential == "" {
		if _, _, err := ParseFactorCode(in.Code); err != nil {
			p.Add("code", err)
		}
	}
	return p.Err()
}

func checkSecret(p Problems, field, secret string) {
	if len(secret) > maxSecret {
		p.Add(field, Reason("This is longer than any that we give. Send it as it was given."))
	}
}

// ChallengeInput names a sign-in that waits for its second proof.
type ChallengeInput struct {
	Challenge string `json:"challenge" required:"true" doc:"from the answer to the first proof"`
}

// Validate checks its shape.
func (in *ChallengeInput) Validate() error {
	p := Problems{}
	checkSecret(p, "challenge", in.Challenge)
	return p.Err()
}

// StepUpInput proves again that the person is there: by a code or a passkey where
// the account has a second factor, else by its password.
type StepUpInput struct {
	Password   string        `json:"password"`
	Code       string        `json:"code" doc:"six digits of an authenticator app, or a recovery code"`
	Ceremony   string        `json:"ceremony" doc:"instead: from /api/auth/step-up/options"`
	Credential PasskeyAnswer `json:"credential" doc:"with ceremony: what the authenticator answered"`
	Next       string        `json:"next" door:"form"` // the path to go to afterwards
}

// Validate checks its shape: one proof must be there.
func (in *StepUpInput) Validate() error {
	p := Problems{}
	checkSecret(p, "ceremony", in.Ceremony)
	in.Credential.check(p)
	switch {
	case in.Credential != "":
	case in.Code != "":
		_, _, err := ParseFactorCode(in.Code)
		p.Add("code", err)
	default:
		var err error
		in.Password, err = CleanPassword(in.Password)
		p.Add("password", err)
	}
	return p.Err()
}

// PasskeySignIn is a passkey's answer in the place of address and password.
type PasskeySignIn struct {
	Ceremony   string        `json:"ceremony" required:"true" doc:"from /api/auth/passkey/options"`
	Credential PasskeyAnswer `json:"credential" required:"true" doc:"what the authenticator answered"`
	Next       string        `json:"next" door:"form"` // the path to go to afterwards
}

// Validate checks its shape.
func (in *PasskeySignIn) Validate() error {
	p := Problems{}
	checkSecret(p, "ceremony", in.Ceremony)
	in.Credential.check(p)
	return p.Err()
}

// PasskeyCreate is a new passkey.
type PasskeyCreate struct {
	Ceremony   string        `json:"ceremony" required:"true" doc:"from /api/auth/passkeys/options"`
	Credential PasskeyAnswer `json:"credential" required:"true" doc:"what the authenticator answered"`
	Name       string        `json:"name" doc:"how its owner calls it; the device's when left out"`
}

// Validate mends and checks it.
func (in *PasskeyCreate) Validate() error {
	p := Problems{}
	checkSecret(p, "ceremony", in.Ceremony)
	in.Credential.check(p)
	var err error
	in.Name, err = keep(in.Name, func(raw string) (string, error) { return CleanLine(raw, MaxPasskeyName) })
	p.Add("name", err)
	return p.Err()
}

// PasskeyRename names a passkey anew.
type PasskeyRename struct {
	Name string `json:"name" required:"true"`
}

// Validate mends and checks it.
func (in *PasskeyRename) Validate() error {
	p := Problems{}
	var err error
	in.Name, err = keep(in.Name, func(raw string) (string, error) { return CleanLine(raw, MaxPasskeyName) })
	p.Add("name", err)
	if err == nil && in.Name == "" {
		p.Add("name", Reason("Give it a name that tells you which device it is."))
	}
	return p.Err()
}

// TOTPConfirm is the first code of a new app.
type TOTPConfirm struct {
	Code string `json:"code" required:"true" doc:"the six digits that the app shows now"`
}

// Validate mends and checks it.
func (in *TOTPConfirm) Validate() error {
	p := Problems{}
	var err error
	in.Code, err = keep(in.Code, ParseTOTPCode)
	p.Add("code", err)
	return p.Err()
}

// LogoutInput ends a browser's session.
type LogoutInput struct {
	Next string `json:"next" door:"form"` // where to sign in for; "" to leave
}
