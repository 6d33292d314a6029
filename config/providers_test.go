package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
)

func p8(t *testing.T, curve elliptic.Curve) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func TestHalfAProviderIsAMistake(t *testing.T) {
	_, err := load(t, map[string]string{"GOOGLE_CLIENT_ID": "id", "SPOTIFY_CLIENT_SECRET": "s", "APPLE_KEY_ID": "k", "APPLE_PRIVATE_KEY": "none"})
	if err == nil {
		t.Fatal("no error")
	}
	for _, told := range []string{"GOOGLE_CLIENT_SECRET is required once GOOGLE_CLIENT_ID", "SPOTIFY_CLIENT_ID is required once SPOTIFY_CLIENT_SECRET",
		"APPLE_CLIENT_ID is required", "APPLE_TEAM_ID is required", "APPLE_PRIVATE_KEY must be"} {
		if !strings.Contains(err.Error(), told) {
			t.Errorf("%q is not told: %v", told, err)
		}
	}
}

func TestWhatAnAppleKeyMayLookLike(t *testing.T) {
	env := map[string]string{"APPLE_CLIENT_ID": "id", "APPLE_TEAM_ID": "team", "APPLE_KEY_ID": "key"}
	good := p8(t, elliptic.P256())
	for value, ok := range map[string]bool{good: true, strings.ReplaceAll(good, "\n", `\n`): true, p8(t, elliptic.P384()): false, good + good: false, good[:80]: false, "x": false} {
		env["APPLE_PRIVATE_KEY"] = value
		c, err := load(t, env)
		if (err == nil) != ok || ok && (!c.Apple.On() || strings.TrimSpace(string(c.Apple.PrivateKey)) != strings.TrimSpace(good)) {
			t.Errorf("%.60q: %v", value, err)
		}
		if err != nil && strings.Contains(err.Error(), good[40:60]) || strings.Contains(fmt.Sprintf("%+v", c), good[40:60]) {
			t.Error("a key is printed")
		}
	}
	if c, err := load(t, nil); err != nil || c.Google.On() || c.Spotify.On() || c.Apple.On() {
		t.Errorf("without keys: %+v %v", c.Google, err)
	}
}
