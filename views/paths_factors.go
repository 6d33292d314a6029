package views

import (
	"net/url"

	"github.com/hlpfl/platform/internal/model"
)

// SecondFactorOptions takes a POST of our own script: what a passkey is to sign as the
// second proof of a sign-in.
func SecondFactorOptions() string { return SecondFactor() + "/options" }

// PasskeyIn takes a POST with a passkey's answer and signs in by it.
func PasskeyIn() string { return "/login/passkey" }

// PasskeyInOptions takes a POST of our own script: what a passkey is to sign.
func PasskeyInOptions() string { return PasskeyIn() + "/options" }

// ConfirmPost takes the proof of Confirm.
func ConfirmPost() string { return "/dashboard/confirm" }

// ConfirmOptions takes a POST of our own script: what a passkey is to sign.
func ConfirmOptions() string { return ConfirmPost() + "/options" }

// Factors is the page of the second factors: passkeys, app, recovery codes.
func Factors() string { return "/dashboard/account/factors" }

// FactorsNeeded is Factors with word that an admin needs one.
func FactorsNeeded() string { return Factors() + "?needed=" + url.QueryEscape("admin") }

// App is the form that sets an authenticator app up; POST takes its first code.
func App() string { return Factors() + "/app" }

// AppRemove takes a POST and forgets the app.
func AppRemove() string { return App() + "/remove" }

// PasskeyNew is the form of a new passkey; POST takes it.
func PasskeyNew() string { return Factors() + "/passkeys" }

// PasskeyNewOptions takes a POST of our own script: what a new passkey is to be.
func PasskeyNewOptions() string { return PasskeyNew() + "/options" }

// Passkey takes a POST with "name" and names a passkey anew.
func Passkey(id model.PasskeyID) string { return PasskeyNew() + "/" + id.String() }

// PasskeyRemove takes a POST and forgets a passkey.
func PasskeyRemove(id model.PasskeyID) string { return Passkey(id) + "/remove" }

// RecoveryNew takes a POST and shows new recovery codes, once.
func RecoveryNew() string { return Factors() + "/recovery" }
