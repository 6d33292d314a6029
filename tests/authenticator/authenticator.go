// Package authenticator plays a device with passkeys, for tests that need no
// browser: it makes key pairs and signs what it is asked, rightly or, where a test
// wants it so, wrongly.
package authenticator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// Device holds passkeys. What is set tells how it behaves; the zero flags are those of
// a device that knows its person.
type Device struct {
	Origin string // that the browser says it is at
	RPID   string // that the device believes to sign for; "" takes what it was asked for

	Unverified bool   // it did not look who is there
	Handle     []byte // what it says whose the passkey is; nil is the truth
	Count      uint32 // how often it signed; raised by each signature

	t    testing.TB
	keys []key
}

type key struct {
	id, user []byte
	private  *ecdsa.PrivateKey
}

// New makes a device in a browser at an origin.
func New(t testing.TB, origin string) *Device { return &Device{Origin: origin, t: t} }

type creation struct {
	Challenge string `json:"challenge"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
}

// Create makes a passkey as the options ask, and gives the answer as JSON.
func (d *Device) Create(options []byte) json.RawMessage {
	d.t.Helper()
	var asked creation
	d.read(options, &asked)
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		d.t.Fatal(err)
	}
	k := key{id: make([]byte, 32), user: d.decode(asked.User.ID), private: private}
	_, _ = rand.Read(k.id)
	d.keys = append(d.keys, k)

	public, err := private.PublicKey.Bytes() // 4, x, y
	if err != nil {
		d.t.Fatal(err)
	}
	cose := []byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20}
	cose = append(cose, public[1:33]...)
	cose = append(cose, 0x22, 0x58, 0x20)
	cose = append(cose, public[33:]...)
	const hasKey = 0x40
	data := d.data(asked.RP.ID, hasKey)
	data = append(data, make([]byte, 16)...) // no make
	data = binary.BigEndian.AppendUint16(data, uint16(len(k.id)))
	data = append(append(data, k.id...), cose...)
	object := append([]byte{0xa3, 0x63}, "fmt"...)
	object = append(append(object, 0x64), "none"...)
	object = append(append(object, 0x67), "attStmt"...)
	object = append(append(object, 0xa0, 0x68), "authData"...)
	object = binary.BigEndian.AppendUint16(append(object, 0x59), uint16(len(data)))
	object = append(object, data...)
	return d.answer(k, map[string]any{
		"clientDataJSON": encode(d.client("webauthn.create", asked.Challenge)), "attestationObject": encode(object), "transports": []string{"internal"},
	})
}

type request struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	Allow     []struct {
		ID string `json:"id"`
	} `json:"allowCredentials"`
}

// Sign answers with the newest passkey, whichever were allowed, and gives the answer
// as JSON.
func (d *Device) Sign(options []byte) json.RawMessage {
	d.t.Helper()
	if len(d.keys) == 0 {
		d.t.Fatal("a device without passkeys is asked to sign")
	}
	var asked request
	d.read(options, &asked)
	k := d.keys[len(d.keys)-1]
	d.Count++
	data := d.data(asked.RPID, 0)
	client := d.client("webauthn.get", asked.Challenge)
	sum := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, signed[:])
	if err != nil {
		d.t.Fatal(err)
	}
	handle := k.user
	if d.Handle != nil {
		handle = d.Handle
	}
	return d.answer(k, map[string]any{
		"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(handle),
	})
}

func (d *Device) data(asked string, flags byte) []byte {
	rp := d.RPID
	if rp == "" {
		rp = asked
	}
	const present, verified = 0x01, 0x04
	flags |= present
	if !d.Unverified {
		flags |= verified
	}
	sum := sha256.Sum256([]byte(rp))
	return binary.BigEndian.AppendUint32(append(sum[:], flags), d.Count)
}

func (d *Device) client(kind, challenge string) []byte {
	raw, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.Origin, "crossOrigin": false})
	if err != nil {
		d.t.Fatal(err)
	}
	return raw
}

func (d *Device) answer(k key, response map[string]any) json.RawMessage {
	raw, err := json.Marshal(map[string]any{
		"id": encode(k.id), "rawId": encode(k.id), "type": "public-key", "authenticatorAttachment": "platform",
		"clientExtensionResults": map[string]any{}, "response": response,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return raw
}

func (d *Device) read(options []byte, v any) {
	d.t.Helper()
	if err := json.Unmarshal(options, v); err != nil {
		d.t.Fatalf("options %s: %v", options, err)
	}
}

func (d *Device) decode(text string) []byte {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		d.t.Fatal(err)
	}
	return raw
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
