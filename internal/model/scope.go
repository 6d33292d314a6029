package model

import "slices"

// Scope is a thing that an API key may be allowed to do.
type Scope string

// The scopes. What none of them covers is closed to keys.
const (
	ScopeAccountRead   Scope = "account:read"
	ScopeProfilesRead  Scope = "profiles:read"
	ScopeProfilesWrite Scope = "profiles:write"
	ScopeAnalyticsRead Scope = "analytics:read"
)

// Scopes lists them, with what each is in words.
func Scopes() []ScopeInWords {
	return []ScopeInWords{
		{ScopeProfilesRead, "See profiles, drafts and versions"},
		{ScopeProfilesWrite, "Make, change, publish and delete profiles"},
		{ScopeAnalyticsRead, "See and export analytics"},
		{ScopeAccountRead, "See your name, address and plan"},
	}
}

// ScopeInWords is a scope and what it allows, for people.
type ScopeInWords struct {
	Scope Scope
	Words string
}

func knownScope(s string) bool {
	return slices.ContainsFunc(Scopes(), func(k ScopeInWords) bool { return string(k.Scope) == s })
}
