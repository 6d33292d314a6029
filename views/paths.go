// Package views builds every URL of the program. handlers/routes.go mounts the same paths; nothing else
// writes one down. A plain HTML form knows only GET and POST, so what the JSON API does with DELETE or
// PUT has a path of its own here, with the verb at its end.
package views

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/static"
)

type cdnKey struct{}

// WithCDN puts the CDN's prefix ("https://cdn.example.com", no slash at its end; "" for none) into the
// context, for Static and Media.
func WithCDN(ctx context.Context, cdn string) context.Context {
	if cdn == "" {
		return ctx
	}
	return context.WithValue(ctx, cdnKey{}, cdn)
}

// CDN is the prefix put in by WithCDN, "" when there is none.
func CDN(ctx context.Context) string {
	cdn, _ := ctx.Value(cdnKey{}).(string)
	return cdn
}

// Static is the address of a static file, by the CDN when there is one. It panics for an unknown name.
func Static(ctx context.Context, name string) string { return CDN(ctx) + static.URL(name) }

// Media is the address of an uploaded or seeded picture.
func Media(ctx context.Context, name string) string {
	return CDN(ctx) + "/m/" + url.PathEscape(name)
}

// The pages for everybody.

// Home is the landing page.
func Home() string { return "/" }

// Pricing is the rate card.
func Pricing() string { return "/pricing" }

// Register is the form for a new account.
func Register() string { return "/register" }

// RegisterAs is Register with the handle somebody wrote on the landing page.
func RegisterAs(handle string) string { return "/register?handle=" + url.QueryEscape(handle) }

// Login is the sign-in form.
func Login() string { return "/login" }

// LoginThen is Login with the path to go to afterwards.
func LoginThen(next string) string { return "/login?next=" + url.QueryEscape(next) }

// ProviderStart takes a POST and sends the browser to an identity provider.
func ProviderStart(provider string) string { return "/auth/" + provider + "/start" }

// ProviderBack is where a provider sends the browser back to; Apple posts there.
func ProviderBack(provider string) string { return "/auth/" + provider + "/callback" }

// ProviderBackFor is ProviderBack for an answer that was posted before, by its state.
func ProviderBackFor(provider, state string) string {
	return ProviderBack(provider) + "?state=" + url.QueryEscape(state)
}

// ProviderAddress asks for an address where a provider proved none; POST makes the account.
func ProviderAddress() string { return "/auth/address" }

// Connections is the page of accounts elsewhere that sign one in.
func Connections() string { return "/dashboard/account/connections" }

// Connection takes a POST and sends the browser to a provider, to connect an account there.
func Connection(provider string) string { return Connections() + "/" + provider }

// Disconnect takes a POST and disconnects the account at a provider.
func Disconnect(provider string) string { return Connection(provider) + "/disconnect" }

// ConfirmBy takes a POST and sends the browser to a provider, to prove again to be there.
func ConfirmBy(provider string) string { return "/dashboard/confirm/" + provider }

// SecondFactor is where the second proof of a sign-in is given; POST takes it.
func SecondFactor() string { return "/login/second-factor" }

// Confirm is where somebody signed in proves again to be there, and goes on to next;
// POST takes the proof.
func Confirm(next string) string { return "/dashboard/confirm?next=" + url.QueryEscape(next) }

// LoginLink is where a link that signs in is asked for by mail.
func LoginLink() string { return "/login/link" }

// LoginAfter is Login with word of what was just done: "verified", "disowned", "password", "email" or "restored".
func LoginAfter(what string) string { return "/login?done=" + url.QueryEscape(what) }

// Sent is LoginLink or Forgot once the mail was asked for.
func Sent(page string) string { return page + "?sent=1" }

// Forgot is where a new password is asked for by mail.
func Forgot() string { return "/forgot" }

// MailLinkWith is a link as it stands in a mail, without origin: purpose is "verify", "sign-in", "reset", "change" or
// "undo", next the path to go on to, "" for none. What it opens only asks; a button there acts.
func MailLinkWith(purpose, token, next string) string {
	link := MailLink(purpose) + "?token=" + url.QueryEscape(token)
	if next != "" {
		link += "&next=" + url.QueryEscape(next)
	}
	return link
}

// MailLink takes a POST with the token of such a link, and acts.
func MailLink(purpose string) string { return "/link/" + purpose }

// Logout takes a POST and ends this session.
func Logout() string { return "/logout" }

// APIDocs is the page that makes the API readable.
func APIDocs() string { return "/api/docs" }

// OpenAPI is the API's description as JSON.
func OpenAPI() string { return "/api/openapi.json" }

// Profile is the public page of a handle.
func Profile(handle string) string { return "/" + url.PathEscape(handle) }

// Link leads out through a counted click.
func Link(profile model.ProfileID, link model.BlockID) string {
	return "/r/" + profile.String() + "/" + url.PathEscape(string(link))
}

// View takes the beacon of a seen page.
func View(profile model.ProfileID) string { return "/v/" + profile.String() }

// ViewPixel is View for browsers without JavaScript.
func ViewPixel(profile model.ProfileID) string { return View(profile) + ".gif" }

// Card is the vCard of a contact.
func Card(profile model.ProfileID, block model.BlockID) string {
	return "/c/" + profile.String() + "/" + url.PathEscape(string(block)) + ".vcf"
}

// Calendar is the calendar of a tour's shows, to be subscribed to.
func Calendar(profile model.ProfileID, block model.BlockID) string {
	return "/c/" + profile.String() + "/" + url.PathEscape(string(block)) + ".ics"
}

// CalendarShow is the calendar entry of one show of a tour.
func CalendarShow(profile model.ProfileID, block, show model.BlockID) string {
	return "/c/" + profile.String() + "/" + url.PathEscape(string(block)) + "/" + url.PathEscape(string(show)) + ".ics"
}

// The desk.

// Dashboard is the list of the user's profiles; POST makes a new one.
func Dashboard() string { return "/dashboard" }

// DashboardFor is Dashboard with the handle that a new user came for.
func DashboardFor(handle string) string { return "/dashboard?handle=" + url.QueryEscape(handle) }

// DashboardPage is a page of the list of profiles: those that a search finds ("" for all), after a cursor ("" for the
// first page).
func DashboardPage(search, cursor string) string {
	query := url.Values{}
	if search != "" {
		query.Set("q", search)
	}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	if len(query) == 0 {
		return Dashboard()
	}
	return Dashboard() + "?" + query.Encode()
}

// ProfileNew is the form for another profile.
func ProfileNew() string { return "/dashboard/profiles/new" }

// Profiles takes a POST and makes a profile.
func Profiles() string { return "/dashboard/profiles" }

// PictureSave takes a POST with a file, or with words and focus of the portrait that is there.
func PictureSave(id model.ProfileID) string { return Editor(id) + "/media" }

// PictureUpload takes a POST with one file for a field of a picture, and answers a part of a page.
func PictureUpload(id model.ProfileID) string { return Editor(id) + "/media/upload" }

// HandleFree asks whether a handle is free: ?handle=…; it answers a part of a page.
func HandleFree() string { return "/dashboard/handle" }

// Invitations lists what the user is invited to.
func Invitations() string { return "/dashboard/invitations" }

// InvitationAnswer takes a POST: answer is "accept" or "refuse".
func InvitationAnswer(id model.InvitationID, answer string) string {
	return Invitations() + "/" + id.String() + "/" + answer
}

// People lists who works on a profile; POST invites somebody.
func People(id model.ProfileID) string { return Editor(id) + "/people" }

// PersonRole takes a POST and gives somebody another role.
func PersonRole(id model.ProfileID, member string) string { return People(id) + "/" + member }

// PersonRemove takes a POST and takes somebody, or an invitation, off a profile.
func PersonRemove(id model.ProfileID, member string) string {
	return People(id) + "/" + member + "/remove"
}

// Transfer is the form that offers a profile to somebody; POST offers.
func Transfer(id model.ProfileID) string { return Editor(id) + "/transfer" }

// TransferCancel takes a POST and ends an offer, from either side.
func TransferCancel(id model.ProfileID) string { return Transfer(id) + "/cancel" }

// TransferAccept shows an offer to who got it; POST accepts.
func TransferAccept(id model.ProfileID) string { return Transfer(id) + "/accept" }

// Account is the user's own page: name, time zone, devices. POST saves.
func Account() string { return "/dashboard/account" }

// AccountDone is Account with word of what was just done.
func AccountDone(what string) string { return Done(Account(), what) }

// Done is a settings page with word of what was just done there: "saved", "ended" ….
func Done(page, what string) string { return page + "?done=" + url.QueryEscape(what) }

// Security is the page of how one signs in: address, password, factors, connections.
func Security() string { return "/dashboard/account/security" }

// Password is the form of a new password; POST saves.
func Password() string { return "/dashboard/account/password" }

// Email is the form of another address of the account; POST asks for it.
func Email() string { return "/dashboard/account/email" }

// EmailVerify takes a POST and sends the mail again that the address is proved by.
func EmailVerify() string { return "/dashboard/account/email/verify" }

// Devices is the list of what is signed in.
func Devices() string { return "/dashboard/account/devices" }

// Keys is the list of API keys; POST makes one.
func Keys() string { return "/dashboard/account/keys" }

// KeyNew is the form of a new API key.
func KeyNew() string { return "/dashboard/account/keys/new" }

// KeyEnd takes a POST and ends an API key.
func KeyEnd(id model.KeyID) string { return "/dashboard/account/keys/" + id.String() + "/end" }

// Activity is what was done with the own account.
func Activity() string { return "/dashboard/account/activity" }

// ActivityBefore is Activity from a line of the log on.
func ActivityBefore(id model.EntryID) string { return Activity() + "?cursor=" + id.String() }

// AuditLog is the whole log, for admins.
func AuditLog() string { return "/admin/audit" }

// Data is what can be done with everything that is the user's: fetch it, delete it.
func Data() string { return "/dashboard/account/data" }

// ExportAsk takes a POST and asks for an archive of everything.
func ExportAsk() string { return "/dashboard/account/export" }

// ExportFetch is an archive, for its owner alone.
func ExportFetch(id model.ExportID) string { return "/dashboard/account/export/" + id.String() }

// AccountDelete is the form by which an account is deleted; POST deletes.
func AccountDelete() string { return "/dashboard/account/delete" }

// Closing is all that an account shows that is to be deleted.
func Closing() string { return "/dashboard/account/closing" }

// AccountKeep takes a POST and keeps an account that was to be deleted.
func AccountKeep() string { return "/dashboard/account/restore" }

// SessionsEnd takes a POST and ends every session but this one.
func SessionsEnd() string { return "/dashboard/account/sessions/end" }

// SessionEnd takes a POST and ends one session.
func SessionEnd(id model.SessionID) string {
	return "/dashboard/account/sessions/" + id.String() + "/end"
}

// Editor is where a profile is edited.
func Editor(id model.ProfileID) string { return "/dashboard/profiles/" + id.String() }

// EditorTab is one part of the editor: "blocks", "who", "elsewhere", "sleeve" or "preview".
func EditorTab(id model.ProfileID, tab string) string {
	if tab == "" || tab == "blocks" {
		return Editor(id)
	}
	return Editor(id) + "?tab=" + url.QueryEscape(tab)
}

// OnTab is an act of the editor, by Publish or Undo, that leads back to the tab it was done on.
func OnTab(act, tab string) string {
	if tab == "" || tab == "blocks" {
		return act
	}
	return act + "?tab=" + url.QueryEscape(tab)
}

// EditorBlock is the editor with one block open.
func EditorBlock(id model.ProfileID, block model.BlockID) string {
	return Editor(id) + "?open=" + url.QueryEscape(string(block)) + "#block-" + url.QueryEscape(string(block))
}

// EditorAdd is the editor with the form for a new block of that type open.
func EditorAdd(id model.ProfileID, blockType string) string {
	return Editor(id) + "?add=" + url.QueryEscape(blockType) + "#add"
}

// EditorSocial is the Elsewhere tab with one social link open.
func EditorSocial(id model.ProfileID, social model.BlockID) string {
	return Editor(id) + "?tab=elsewhere&open=" + url.QueryEscape(string(social)) + "#social-" + url.QueryEscape(string(social))
}

// Preview is the draft as fans would see it; it counts nothing.
func Preview(id model.ProfileID) string { return Editor(id) + "/preview" }

// Who takes a POST: name and bio.
func Who(id model.ProfileID) string { return Editor(id) + "/who" }

// Address takes a POST: the handle, the time zone, whether the page is up. They act at once.
func Address(id model.ProfileID) string { return Editor(id) + "/address" }

// SocialsAt takes a POST: whether the row of socials stands at the top or at the foot.
func SocialsAt(id model.ProfileID) string { return Editor(id) + "/socials-at" }

// Theme takes a POST: the theme.
func Theme(id model.ProfileID) string { return Editor(id) + "/theme" }

// Look takes a POST: what the artist changes of the theme.
func Look(id model.ProfileID) string { return Editor(id) + "/look" }

// Background takes a POST: the picture behind the page.
func Background(id model.ProfileID) string { return Editor(id) + "/background" }

// Publish takes a POST and makes the draft public.
func Publish(id model.ProfileID) string { return Editor(id) + "/publish" }

// Undo takes a POST and takes the last saved change of the draft back.
func Undo(id model.ProfileID) string { return Editor(id) + "/undo" }

// Redo takes a POST and does again what Undo took back last.
func Redo(id model.ProfileID) string { return Editor(id) + "/redo" }

// Schedule takes a POST and sets when the draft goes public by itself.
func Schedule(id model.ProfileID) string { return Editor(id) + "/schedule" }

// Unschedule takes a POST and takes that time back.
func Unschedule(id model.ProfileID) string { return Schedule(id) + "/cancel" }

// EditorHistory is the tab of publishes: those before a version (0: the newest), with one in the preview (0: the draft).
func EditorHistory(id model.ProfileID, before, look int64) string {
	to := EditorTab(id, "history")
	if before > 0 {
		to += "&cursor=" + strconv.FormatInt(before, 10)
	}
	if look > 0 {
		to += "&look=" + strconv.FormatInt(look, 10)
	}
	return to
}

// Version is the page as it was published once; it counts nothing.
func Version(id model.ProfileID, number int64) string {
	return Editor(id) + "/versions/" + strconv.FormatInt(number, 10)
}

// VersionRestore takes a POST and makes a publish the draft.
func VersionRestore(id model.ProfileID, number int64) string { return Version(id, number) + "/restore" }

// Discard takes a POST and throws the draft away.
func Discard(id model.ProfileID) string { return Editor(id) + "/discard" }

// ProfileDelete takes a POST and deletes the profile.
func ProfileDelete(id model.ProfileID) string { return Editor(id) + "/delete" }

// ProfileRestore takes a POST and brings a deleted profile back.
func ProfileRestore(id model.ProfileID) string { return Editor(id) + "/restore" }

// BlockNew takes a POST and adds a block.
func BlockNew(id model.ProfileID) string { return Editor(id) + "/blocks" }

// Block takes a POST and saves a block.
func Block(id model.ProfileID, block model.BlockID) string {
	return Editor(id) + "/blocks/" + url.PathEscape(string(block))
}

// BlockDates takes a POST with a table of a tour's dates: to be looked at, then taken.
func BlockDates(id model.ProfileID, block model.BlockID) string { return Block(id, block) + "/dates" }

// BlockMove takes a POST with "to" (the position, from 0) or "by" (-1, 1).
func BlockMove(id model.ProfileID, block model.BlockID) string { return Block(id, block) + "/move" }

// BlockSwitch takes a POST with "enabled" and shows or hides a block.
func BlockSwitch(id model.ProfileID, block model.BlockID) string { return Block(id, block) + "/switch" }

// BlockDelete takes a POST and deletes a block from the draft.
func BlockDelete(id model.ProfileID, block model.BlockID) string { return Block(id, block) + "/delete" }

// GuideEnd takes a POST and puts the first-run guide away.
func GuideEnd(id model.ProfileID) string { return Editor(id) + "/guide" }

// BlockDuplicate takes a POST and puts a copy of a block behind it.
func BlockDuplicate(id model.ProfileID, block model.BlockID) string {
	return Block(id, block) + "/duplicate"
}

// BlockConvert takes a POST with "type" and makes a block one of that type.
func BlockConvert(id model.ProfileID, block model.BlockID) string {
	return Block(id, block) + "/convert"
}

// BlocksPaste takes a POST with "text" and makes a block of each address in it.
func BlocksPaste(id model.ProfileID) string { return Editor(id) + "/paste" }

// EditorMore is the editor with one block open, one of its lists ending with an empty row.
func EditorMore(id model.ProfileID, block model.BlockID, list string) string {
	return Editor(id) + "?open=" + url.QueryEscape(string(block)) + "&more=" + url.QueryEscape(list) + "#block-" + url.QueryEscape(string(block))
}

// BlockRestore takes a POST and puts a block back that was deleted.
func BlockRestore(id model.ProfileID, block model.BlockID) string {
	return Block(id, block) + "/restore"
}

// SocialNew takes a POST and adds a social link.
func SocialNew(id model.ProfileID) string { return Editor(id) + "/socials" }

// Social takes a POST and saves a social link.
func Social(id model.ProfileID, social model.BlockID) string {
	return Editor(id) + "/socials/" + url.PathEscape(string(social))
}

// SocialMove takes a POST with "to" (the position, from 0) or "by" (-1, 1).
func SocialMove(id model.ProfileID, social model.BlockID) string { return Social(id, social) + "/move" }

// SocialDelete takes a POST and deletes a social link from the draft.
func SocialDelete(id model.ProfileID, social model.BlockID) string {
	return Social(id, social) + "/delete"
}

// SocialRestore takes a POST and puts a social link back that is still public.
func SocialRestore(id model.ProfileID, social model.BlockID) string {
	return Social(id, social) + "/restore"
}

// Provider tells which service an address belongs to: ?url=…; it answers a part of a page.
func Provider() string { return "/dashboard/provider" }

// Said is a page of the desk that tells what was just done, by a code.
func Said(to, code string) string {
	page, place, found := strings.Cut(to, "#")
	mark := "?"
	if strings.Contains(page, "?") {
		mark = "&"
	}
	page += mark + "said=" + url.QueryEscape(code)
	if found {
		page += "#" + place
	}
	return page
}

// SaidOf is Said about a profile that the page itself does not name.
func SaidOf(to, code string, id model.ProfileID) string {
	return Said(to, code) + "&profile=" + id.String()
}

// SaidBlock is Said about a block of the page.
func SaidBlock(to, code string, block model.BlockID) string {
	page, place, found := strings.Cut(Said(to, code), "#")
	page += "&block=" + url.QueryEscape(string(block))
	if found {
		page += "#" + place
	}
	return page
}

// Analytics is a profile's figures: ?from&to.
func Analytics(id model.ProfileID) string { return Editor(id) + "/analytics" }

// AnalyticsExport is the same figures as a file: format is "csv" or "json".
func AnalyticsExport(id model.ProfileID, from, to, format string) string {
	return Analytics(id) + "/export?from=" + url.QueryEscape(from) + "&to=" + url.QueryEscape(to) + "&format=" + url.QueryEscape(format)
}

// AnalyticsRange is Analytics from a day to a day, both inclusive, as 2006-01-02.
func AnalyticsRange(id model.ProfileID, from, to string) string {
	return Analytics(id) + "?from=" + url.QueryEscape(from) + "&to=" + url.QueryEscape(to)
}

// DevViews lists every component and page in every state; local mode alone.
func DevViews() string { return "/dev/views" }

// DevView is one sample of a room.
func DevView(room, name string) string {
	return DevViews() + "/" + url.PathEscape(room) + "/" + url.PathEscape(name)
}

// DevMail is local mode's mailbox: the mails that would have been sent.
func DevMail() string { return "/dev/mail" }

// DevMailOne is one mail of it.
func DevMailOne(id model.MailID) string { return DevMail() + "/" + id.String() }

// DevMailPage is the mail itself, as programs that read mail draw it.
func DevMailPage(id model.MailID) string { return DevMailOne(id) + "/page" }
