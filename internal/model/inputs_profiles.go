package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// ProfileCreate makes a profile. It is published at once.
type ProfileCreate struct {
	Handle      string          `json:"handle" required:"true" doc:"2 to 30 of a–z, 0–9, - _ and the dot"`
	ProfileName string          `json:"profile_name" required:"true"`
	TimeZone    string          `json:"time_zone" doc:"an IANA name; the account's when absent"`
	ProfileData json.RawMessage `json:"profile_data" schema:"Document" doc:"an empty page when absent"`

	Document Document `json:"-"` // ProfileData, once it was validated
}

// Validate mends and checks all fields, and reads the document.
func (in *ProfileCreate) Validate() error {
	problems := Problems{}
	handle, err := ParseHandle(in.Handle)
	problems.Add("handle", err)
	if err == nil {
		in.Handle = handle.String()
	}
	in.ProfileName = checkName(in.ProfileName, problems)
	if in.TimeZone != "" {
		in.TimeZone = checkZone(in.TimeZone, problems)
	}
	in.Document = NewDocument()
	if given(in.ProfileData) {
		d, err := ParseDocument(in.ProfileData)
		if err = problems.AddAll(documentPrefix(err), err); err != nil {
			return err
		}
		in.Document = d
	}
	return problems.Err()
}

// ProfileSave is one save of a profile: what is absent stays.
type ProfileSave struct {
	Version     int64           `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	Handle      *string         `json:"handle"`
	ProfileName *string         `json:"profile_name"`
	TimeZone    *string         `json:"time_zone"`
	ProfileData json.RawMessage `json:"profile_data" schema:"Document" doc:"the whole document"`
	IsActive    *bool           `json:"is_active"`
	Draft       DraftFlag       `json:"draft" doc:"true: document and name wait as the draft; else they are published and the draft is cleared. An object (as GET gives it) is ignored"`

	// What GET gives besides, accepted unchanged.
	ID        *string `json:"id"`
	URL       *string `json:"url"`
	CreatedAt *string `json:"created_at"`
	UpdatedAt *string `json:"updated_at"`
}

// DraftFlag is the "draft" of a save: true or false, or the object that GET gave,
// which says nothing.
type DraftFlag bool

// UnmarshalJSON reads it.
func (f *DraftFlag) UnmarshalJSON(raw []byte) error {
	*f = false
	if bytes.HasPrefix(raw, []byte("{")) || !given(raw) {
		return nil
	}
	if err := json.Unmarshal(raw, (*bool)(f)); err != nil {
		return Reason("Send true to keep this as the draft, false or nothing to publish it.")
	}
	return nil
}

// Validate mends and checks everything but the document and the read-only fields,
// which Change compares with what is there.
func (in *ProfileSave) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	checkAddress(in.Handle, in.TimeZone, problems)
	if in.ProfileName != nil {
		*in.ProfileName = checkName(*in.ProfileName, problems)
	}
	return problems.Err()
}

// Change is what the save does to the profile as it is now, whose address is url.
// Every wrong field of a document is named as profile_data.….
func (in *ProfileSave) Change(now Profile, url string) (ProfileChange, error) {
	problems := Problems{}
	unchanged(problems, "id", in.ID, now.ID.String())
	unchanged(problems, "url", in.URL, url)
	unchangedTime(problems, "created_at", in.CreatedAt, now.CreatedAt)
	unchangedTime(problems, "updated_at", in.UpdatedAt, now.UpdatedAt)
	change := ProfileChange{Handle: (*Handle)(in.Handle), TimeZone: in.TimeZone, IsActive: in.IsActive, Name: in.ProfileName, AsDraft: bool(in.Draft)}
	if given(in.ProfileData) {
		d, err := ParseDocument(in.ProfileData, now.Document, now.Working().Document)
		if err = problems.AddAll(documentPrefix(err), err); err != nil {
			return change, err
		}
		change.Document = &d
	}
	return change, problems.Err()
}

// unchanged refuses a read-only field that says something else.
func unchanged(problems Problems, field string, given *string, now string) {
	if given != nil && *given != now {
		problems.Add(field, Reason("This cannot be changed. Send it as it was, or leave it out."))
	}
}

func unchangedTime(problems Problems, field string, given *string, now time.Time) {
	if given == nil {
		return
	}
	if at, err := time.Parse(time.RFC3339Nano, *given); err != nil || !at.Equal(now) {
		unchanged(problems, field, given, "")
	}
}

// VersionOnly is an act on the present draft.
type VersionOnly struct {
	Version int64 `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
}

// Validate asks for the version.
func (in *VersionOnly) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	return problems.Err()
}

// PublishAt sets when the draft goes public by itself.
type PublishAt struct {
	Version int64   `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	At      Instant `json:"publish_at" required:"true" doc:"in the future; a later change of the draft calls it off"`
	Local   string  `json:"local" door:"form"`  // on the clocks of the profile's zone
	Second  bool    `json:"second" door:"form"` // of the two times that clocks going back show
}

// Validate asks for the version; whether the time is one is known with the zone.
func (in *PublishAt) Validate() error {
	return (&VersionOnly{Version: in.Version}).Validate()
}

// MaybeVersion is an act that may be tied to a version.
type MaybeVersion struct {
	Version int64 `json:"version" doc:"when given, another present version is a conflict"`
}

// Validate refuses a version that none has.
func (in *MaybeVersion) Validate() error {
	if in.Version < 0 {
		return Invalid("version", "Give the version that you read.")
	}
	return nil
}

// WhoSave is the form of name and bio, a part of the draft.
type WhoSave struct {
	Version     int64  `json:"version"`
	ProfileName string `json:"profile_name"`
	Bio         string `json:"bio"`
	Then        string `json:"then"`
	// Of a conflict, the fields whose saved side was chosen over this one.
	Theirs []string `json:"theirs"`
}

// Validate mends and checks all fields.
func (in *WhoSave) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	in.ProfileName = checkName(in.ProfileName, problems)
	bio, err := CleanText(in.Bio, MaxBio)
	problems.Add("bio", err)
	if err == nil {
		in.Bio = bio
	}
	return problems.Err()
}

// AddressSave are the forms of what acts at once. What is absent stays.
type AddressSave struct {
	Version  int64   `json:"version"`
	Handle   *string `json:"handle"`
	TimeZone *string `json:"time_zone"`
	IsActive *bool   `json:"is_active"`
	// Of a conflict, the fields whose saved side was chosen over this one.
	Theirs []string `json:"theirs"`
}

// Validate mends and checks all fields.
func (in *AddressSave) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	checkAddress(in.Handle, in.TimeZone, problems)
	return problems.Err()
}

// Change is what the form does.
func (in *AddressSave) Change() ProfileChange {
	change := ProfileChange{Handle: (*Handle)(in.Handle), TimeZone: in.TimeZone, IsActive: in.IsActive}
	if slices.Contains(in.Theirs, "handle") {
		change.Handle = nil
	}
	if slices.Contains(in.Theirs, "time_zone") {
		change.TimeZone = nil
	}
	return change
}

// checkAddress mends and checks a handle and a time zone, when they are given.
func checkAddress(handle, zone *string, problems Problems) {
	if handle != nil {
		clean, err := ParseHandle(*handle)
		problems.Add("handle", err)
		if err == nil {
			*handle = clean.String()
		}
	}
	if zone != nil {
		*zone = checkZone(*zone, problems)
	}
}

// ThemeSave is the form of the look, a part of the draft.
type ThemeSave struct {
	Version int64  `json:"version"`
	Theme   string `json:"theme"`
	Then    string `json:"then"`
}

// Validate checks all fields.
func (in *ThemeSave) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	problems.Add("theme", CheckTheme(in.Theme))
	return problems.Err()
}

func checkVersion(version int64, problems Problems) {
	if version < 1 {
		problems.Add("version", Reason("Give the version that you read, so that nothing newer is lost."))
	}
}

// checkName gives the name mended, or as it came when it is wrong: a form shows it again.
func checkName(name string, problems Problems) string {
	clean, err := CleanLine(name, MaxProfileName)
	if err == nil && clean == "" {
		err = Reason("Give the page a name: yours, or the band's.")
	}
	problems.Add("profile_name", err)
	if err != nil {
		return name
	}
	return clean
}

func checkZone(zone string, problems Problems) string {
	clean, err := ParseTimeZone(zone)
	problems.Add("time_zone", err)
	if err != nil {
		return zone
	}
	return clean
}

// given reports whether a field was there and not null.
func given(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && !bytes.Equal(raw, []byte("null"))
}

// documentPrefix is what stands before the fields of a wrong document; the one
// field that is the document itself has none.
func documentPrefix(err error) string {
	var e *Error
	if errors.As(err, &e) && len(e.Fields) == 1 && e.Fields["profile_data"] != "" {
		return ""
	}
	return "profile_data."
}
