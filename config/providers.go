package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
)

// OAuthClient is what an identity provider knows the program by.
type OAuthClient struct {
	ID     string
	Secret Secret
}

// On reports whether there is one.
func (c OAuthClient) On() bool { return c.ID != "" }

// AppleClient is what Apple knows the program by. There is no secret as such: each is
// made of these, and signed with the private key.
type AppleClient struct {
	ID, TeamID, KeyID string
	PrivateKey        Secret // PKCS #8 in PEM, P-256
}

// On reports whether there is one.
func (c AppleClient) On() bool { return c.ID != "" }

// together takes variables that mean something only when all are set.
func (r *reader) together(names ...string) map[string]string {
	given, first := map[string]string{}, ""
	for _, name := range names {
		if given[name] = r.text(name, ""); given[name] != "" && first == "" {
			first = name
		}
	}
	for _, name := range names {
		if first != "" && given[name] == "" {
			r.wrong(name, "is required once "+first+" is set")
		}
	}
	return given
}

func (r *reader) oauth(vendor string) OAuthClient {
	id, secret := vendor+"_CLIENT_ID", vendor+"_CLIENT_SECRET"
	given := r.together(id, secret)
	return OAuthClient{given[id], Secret(given[secret])}
}

func (r *reader) apple() AppleClient {
	const id, team, key, private = "APPLE_CLIENT_ID", "APPLE_TEAM_ID", "APPLE_KEY_ID", "APPLE_PRIVATE_KEY"
	given := r.together(id, team, key, private)
	c := AppleClient{ID: given[id], TeamID: given[team], KeyID: given[key]}
	if given[private] == "" {
		return c
	}
	// Environments of one line a value carry a file's line ends as \n.
	text := strings.ReplaceAll(given[private], `\n`, "\n")
	if err := appleKey(text); err != nil {
		r.wrong(private, "must be the text of the .p8 file that Apple gave, with its BEGIN and END lines (line ends may be written as \\n)")
	}
	c.PrivateKey = Secret(text)
	return c
}

func appleKey(text string) error {
	block, rest := pem.Decode([]byte(text))
	if block == nil || strings.TrimSpace(string(rest)) != "" {
		return errors.New("not PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return err
	}
	if key, ok := parsed.(*ecdsa.PrivateKey); !ok || key.Curve != elliptic.P256() {
		return errors.New("not a key of P-256")
	}
	return nil
}
