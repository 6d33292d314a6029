// Package handlers holds the route table: every route, and who may use it. It is
// the security review; tests/access holds it to tests/access.golden.
package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/handlers/admin"
	"github.com/hlpfl/platform/handlers/artist"
	"github.com/hlpfl/platform/handlers/dev"
	"github.com/hlpfl/platform/handlers/fan"
	"github.com/hlpfl/platform/handlers/ops"
	"github.com/hlpfl/platform/handlers/site"
	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/static"
	"github.com/hlpfl/platform/store"
)

// Rooms are the handlers, each with what it needs.
type Rooms struct {
	Server   *web.Server
	Pages    fan.Pages
	Clicks   fan.Clicks
	Views    *fan.Views
	Files    fan.Files
	Media    fan.Media
	Site     *site.Site
	Profiles *artist.Profiles
	People   *artist.People
	Account  *artist.Account
	Figures  *artist.Analytics
	Admin    *admin.Admin
	Health   ops.Health
	Dev      dev.Views
	DevMail  dev.Mail
}

const (
	get   = http.MethodGet
	head  = http.MethodHead
	post  = http.MethodPost
	put   = http.MethodPut
	patch = http.MethodPatch
	del   = http.MethodDelete
)

// Table is the route table. origin and version stand in the API's description,
// which is made from the table itself.
func Table(r Rooms, origin, version string) ([]web.Route, error) {
	routes := slices.Concat(fans(r), desk(r), api(r))
	docs := &Docs{}
	routes = append(routes,
		web.Route{Method: get, Path: "/api/openapi.json", Door: web.API, Who: web.Public, Handle: docs.JSON, Summary: "This description"},
		web.Route{Method: get, Path: "/api/docs", Door: web.Page, Who: web.Public, Handle: docs.Page},
	)
	if err := docs.describe(routes, origin, version); err != nil {
		return nil, err
	}
	return append(routes, heads(routes)...), nil
}

// heads are the HEAD of every GET that everybody may ask, where the table has none:
// programs that check links ask so. It answers as GET does, and net/http leaves the
// body out. The pixel is not asked for but by a page: a HEAD of it would be a view.
func heads(routes []web.Route) (more []web.Route) {
	for _, r := range routes {
		if r.Path == "/auth/:provider/callback" {
			continue // it uses the answer up
		}
		asked := slices.ContainsFunc(routes, func(o web.Route) bool { return o.Method == head && o.Path == r.Path })
		if r.Method == get && r.Who == web.Public && !asked && r.Path != "/v/:profile" {
			r.Method = head
			more = append(more, r)
		}
	}
	return more
}

// fans is what fans and machines ask for: no session, no cookie.
func fans(r Rooms) []web.Route {
	files := echo.WrapHandler(static.Handler())
	return []web.Route{
		{Method: get, Path: "/:handle", Who: web.Public, Raw: r.Pages.Show},
		{Method: head, Path: "/:handle", Who: web.Public, Raw: r.Pages.Show},
		{Method: get, Path: "/r/:profile/:link", Who: web.Public, Raw: r.Clicks.Follow},
		{Method: head, Path: "/r/:profile/:link", Who: web.Public, Raw: r.Clicks.Follow},
		{Method: post, Path: "/v/:profile", Who: web.Public, Raw: r.Views.Tell},
		{Method: get, Path: "/v/:profile", Who: web.Public, Raw: r.Views.Pixel},
		{Method: get, Path: "/c/:profile/:block", Who: web.Public, Raw: r.Files.Block},
		{Method: head, Path: "/c/:profile/:block", Who: web.Public, Raw: r.Files.Block},
		{Method: get, Path: "/c/:profile/:block/:date", Who: web.Public, Raw: r.Files.Show},
		{Method: head, Path: "/c/:profile/:block/:date", Who: web.Public, Raw: r.Files.Show},
		{Method: get, Path: "/m/:file", Who: web.Public, Raw: r.Media.Show},
		{Method: head, Path: "/m/:file", Who: web.Public, Raw: r.Media.Show},
		{Method: get, Path: "/static/*", Who: web.Public, Raw: files},
		{Method: head, Path: "/static/*", Who: web.Public, Raw: files},
		{Method: get, Path: "/robots.txt", Who: web.Public, Raw: ops.Robots},
		{Method: get, Path: "/favicon.ico", Who: web.Public, Raw: ops.Favicon},
		{Method: get, Path: "/livez", Who: web.Public, Raw: r.Health.Live},
		{Method: get, Path: "/readyz", Who: web.Public, Raw: r.Health.Ready},
	}
}

// desk is what people see who make pages: HTML, cookie sessions. A plain form
// knows GET and POST alone, so the verb stands at the end of its path.
func desk(r Rooms) []web.Route {
	s, p, a, o := r.Site, r.Profiles, r.Account, r.People
	return []web.Route{
		{Method: get, Path: "/", Door: web.Page, Who: web.Public, Handle: s.Landing},
		{Method: get, Path: "/pricing", Door: web.Page, Who: web.Public, Handle: s.Pricing},
		{Method: get, Path: "/register", Door: web.Page, Who: web.Public, Leaves: true, Handle: s.RegisterForm},
		{Method: post, Path: "/register", Door: web.Form, Who: web.Public, Leaves: true, Handle: s.Register},
		{Method: get, Path: "/login", Door: web.Page, Who: web.Public, Leaves: true, Handle: s.LoginForm},
		{Method: post, Path: "/login", Door: web.Form, Who: web.Public, Leaves: true, Handle: s.Login},
		{Method: post, Path: "/auth/:provider/start", Door: web.Form, Who: web.Public, Leaves: true, Handle: s.StartProvider},
		{Method: get, Path: "/auth/:provider/callback", Door: web.Form, Who: web.Public, Leaves: true, Handle: s.ProviderBack},
		{Method: post, Path: "/auth/apple/callback", Door: web.Form, Who: web.Public, CrossSite: true, Handle: s.PostedBack},
		{Method: get, Path: "/auth/address", Door: web.Page, Who: web.Public, Handle: s.AddressForm},
		{Method: post, Path: "/auth/address", Door: web.Form, Who: web.Public, Handle: s.SaveAddress},
		{Method: get, Path: "/login/link", Door: web.Page, Who: web.Public, Handle: s.LinkForm},
		{Method: post, Path: "/login/link", Door: web.Form, Who: web.Public, Handle: s.SendLink},
		{Method: get, Path: "/forgot", Door: web.Page, Who: web.Public, Handle: s.ForgotForm},
		{Method: post, Path: "/forgot", Door: web.Form, Who: web.Public, Handle: s.SendReset},
		{Method: get, Path: "/link/verify", Door: web.Page, Who: web.Public, Handle: s.MailLink(store.LinkVerify)},
		{Method: post, Path: "/link/verify", Door: web.Form, Who: web.Public, Handle: s.Verify},
		{Method: get, Path: "/link/sign-in", Door: web.Page, Who: web.Public, Handle: s.MailLink(store.LinkSignIn)},
		{Method: post, Path: "/link/sign-in", Door: web.Form, Who: web.Public, Handle: s.SignInByLink},
		{Method: get, Path: "/link/reset", Door: web.Page, Who: web.Public, Handle: s.MailLink(store.LinkReset)},
		{Method: post, Path: "/link/reset", Door: web.Form, Who: web.Public, Handle: s.Reset},
		{Method: get, Path: "/link/change", Door: web.Page, Who: web.Public, Handle: s.MailLink(store.LinkChange)},
		{Method: post, Path: "/link/change", Door: web.Form, Who: web.Public, Handle: s.ChangeEmail},
		{Method: get, Path: "/link/undo", Door: web.Page, Who: web.Public, Handle: s.MailLink(store.LinkUndo)},
		{Method: post, Path: "/link/undo", Door: web.Form, Who: web.Public, Handle: s.UndoEmail},
		{Method: post, Path: "/login/passkey", Door: web.Form, Who: web.Public, Handle: s.PasskeySignIn},
		{Method: post, Path: "/login/passkey/options", Door: web.Form, Who: web.Public, Handle: s.PasskeyOptions},
		{Method: get, Path: "/login/second-factor", Door: web.Page, Who: web.Public, Handle: s.SecondFactorForm},
		{Method: post, Path: "/login/second-factor", Door: web.Form, Who: web.Public, Handle: s.SecondFactor},
		{Method: post, Path: "/login/second-factor/options", Door: web.Form, Who: web.Public, Handle: s.SecondFactorOptions},
		{Method: post, Path: "/logout", Door: web.Form, Who: web.Public, Handle: s.Logout},

		{Method: get, Path: "/dashboard", Door: web.Form, Who: web.User, Handle: p.List},
		{Method: get, Path: "/dashboard/handle", Door: web.Form, Who: web.User, Handle: p.Handle},
		{Method: get, Path: "/dashboard/provider", Door: web.Form, Who: web.User, Handle: p.Provider},
		{Method: get, Path: "/dashboard/profiles", Door: web.Form, Who: web.User, Handle: p.List},
		{Method: get, Path: "/dashboard/profiles/new", Door: web.Form, Who: web.User, Handle: p.NewProfile},
		{Method: post, Path: "/dashboard/profiles", Door: web.Form, Who: web.User, Handle: p.Create},
		{Method: get, Path: "/dashboard/profiles/:id", Door: web.Form, Who: web.Editor, Handle: p.Editor},
		{Method: get, Path: "/dashboard/profiles/:id/preview", Door: web.Form, Who: web.Viewer, Handle: p.Preview},
		{Method: post, Path: "/dashboard/profiles/:id/who", Door: web.Form, Who: web.Editor, Handle: p.SaveWho},
		{Method: post, Path: "/dashboard/profiles/:id/media", Door: web.Form, Who: web.Editor, Handle: p.SavePicture},
		{Method: post, Path: "/dashboard/profiles/:id/media/upload", Door: web.Form, Who: web.Editor, Handle: p.UploadPicture},
		{Method: post, Path: "/dashboard/profiles/:id/address", Door: web.Form, Who: web.Owner, Handle: p.SaveAddress},
		{Method: post, Path: "/dashboard/profiles/:id/theme", Door: web.Form, Who: web.Editor, Handle: p.SaveTheme},
		{Method: post, Path: "/dashboard/profiles/:id/look", Door: web.Form, Who: web.Editor, Handle: p.SaveLook},
		{Method: post, Path: "/dashboard/profiles/:id/background", Door: web.Form, Who: web.Editor, Handle: p.SaveBackground},
		{Method: post, Path: "/dashboard/profiles/:id/undo", Door: web.Form, Who: web.Editor, Handle: p.Undo},
		{Method: post, Path: "/dashboard/profiles/:id/paste", Door: web.Form, Who: web.Editor, Handle: p.Paste},
		{Method: post, Path: "/dashboard/profiles/:id/guide", Door: web.Form, Who: web.Editor, Handle: p.EndGuide},
		{Method: post, Path: "/dashboard/profiles/:id/redo", Door: web.Form, Who: web.Editor, Handle: p.Redo},
		{Method: post, Path: "/dashboard/profiles/:id/schedule", Door: web.Form, Who: web.Editor, Handle: p.Schedule},
		{Method: post, Path: "/dashboard/profiles/:id/schedule/cancel", Door: web.Form, Who: web.Editor, Handle: p.Unschedule},
		{Method: get, Path: "/dashboard/profiles/:id/versions/:n", Door: web.Form, Who: web.Viewer, Handle: p.OneVersion},
		{Method: post, Path: "/dashboard/profiles/:id/versions/:n/restore", Door: web.Form, Who: web.Editor, Handle: p.RestoreVersion},
		{Method: post, Path: "/dashboard/profiles/:id/discard", Door: web.Form, Who: web.Editor, Handle: p.Discard},
		{Method: post, Path: "/dashboard/profiles/:id/publish", Door: web.Form, Who: web.Editor, Handle: p.Publish},
		{Method: post, Path: "/dashboard/profiles/:id/delete", Door: web.Form, Who: web.Owner, Handle: p.Delete},
		{Method: post, Path: "/dashboard/profiles/:id/restore", Door: web.Form, Who: web.Owner, Handle: p.Restore},
		{Method: post, Path: "/dashboard/profiles/:id/blocks", Door: web.Form, Who: web.Editor, Handle: p.AddBlock},
		{Method: post, Path: "/dashboard/profiles/:id/blocks/:block", Door: web.Form, Who: web.Editor, Handle: p.SaveBlock},
		{Method: post, Path: "/dashboard/profiles/:id/blocks/:block/move", Door: web.Form, Who: web.Editor, Handle: p.MoveBlock},
		{Method: post, Path: "/dashboard/profiles/:id/blocks/:block/duplicate", Door: web.Form, Who: web.Editor, Handle: p.DuplicateBlock},
		{Method: post, Path: "/dashboard/profiles/:id/blocks/:block/convert", Door: web.Form, Who: web.Editor, Handle: p.ConvertBlock},
		{Method: post, Path: "/dashboard/profiles/:id/blocks/:block/switch", Door: web.Form, Who: web.Editor, Handle: p.SwitchBlock},
		{Method: post, Path: "/dashboard/profiles/:id/blocks/:block/delete", Door: web.Form, Who: web.Editor, Handle: p.DeleteBlock},
		{Method: post, Path: "/dashboard/profiles/:id/blocks/:block/dates", Door: web.Form, Who: web.Editor, Handle: p.BringDates},
		{Method: post, Path: "/dashboard/profiles/:id/blocks/:block/restore", Door: web.Form, Who: web.Editor, Handle: p.RestoreBlock},
		{Method: post, Path: "/dashboard/profiles/:id/socials", Door: web.Form, Who: web.Editor, Handle: p.AddSocial},
		{Method: post, Path: "/dashboard/profiles/:id/socials-at", Door: web.Form, Who: web.Editor, Handle: p.SaveSocialsAt},
		{Method: post, Path: "/dashboard/profiles/:id/socials/:block", Door: web.Form, Who: web.Editor, Handle: p.SaveSocial},
		{Method: post, Path: "/dashboard/profiles/:id/socials/:block/move", Door: web.Form, Who: web.Editor, Handle: p.MoveSocial},
		{Method: post, Path: "/dashboard/profiles/:id/socials/:block/delete", Door: web.Form, Who: web.Editor, Handle: p.DeleteSocial},
		{Method: post, Path: "/dashboard/profiles/:id/socials/:block/restore", Door: web.Form, Who: web.Editor, Handle: p.RestoreSocial},

		{Method: get, Path: "/dashboard/profiles/:id/people", Door: web.Form, Who: web.Viewer, Handle: o.List},
		{Method: post, Path: "/dashboard/profiles/:id/people", Door: web.Form, Who: web.Owner, Handle: o.Invite},
		{Method: post, Path: "/dashboard/profiles/:id/people/:member", Door: web.Form, Who: web.Owner, Handle: o.SetRole},
		{Method: post, Path: "/dashboard/profiles/:id/people/:member/remove", Door: web.Form, Who: web.Viewer, Handle: o.Remove},
		{Method: get, Path: "/dashboard/profiles/:id/transfer", Door: web.Form, Who: web.Owner, Fresh: true, Handle: o.OfferForm},
		{Method: post, Path: "/dashboard/profiles/:id/transfer", Door: web.Form, Who: web.Owner, Fresh: true, Handle: o.Offer},
		{Method: post, Path: "/dashboard/profiles/:id/transfer/cancel", Door: web.Form, Who: web.Viewer, Handle: o.EndOffer},
		{Method: get, Path: "/dashboard/profiles/:id/transfer/accept", Door: web.Form, Who: web.Viewer, Fresh: true, Handle: o.TakeOverPage},
		{Method: post, Path: "/dashboard/profiles/:id/transfer/accept", Door: web.Form, Who: web.Viewer, Fresh: true, Handle: o.TakeOver},
		{Method: get, Path: "/dashboard/invitations", Door: web.Form, Who: web.User, Handle: o.Waiting},
		{Method: post, Path: "/dashboard/invitations/:invitation/accept", Door: web.Form, Who: web.User, Handle: o.Accept},
		{Method: post, Path: "/dashboard/invitations/:invitation/refuse", Door: web.Form, Who: web.User, Handle: o.Refuse},

		{Method: get, Path: "/dashboard/profiles/:id/analytics", Door: web.Form, Who: web.Viewer, Handle: r.Figures.Show},
		{Method: get, Path: "/dashboard/profiles/:id/analytics/export", Door: web.Form, Who: web.Viewer, Handle: r.Figures.Export},

		{Method: get, Path: "/dashboard/account", Door: web.Form, Who: web.User, Handle: a.Me},
		{Method: post, Path: "/dashboard/account", Door: web.Form, Who: web.User, Handle: a.SaveMe},
		{Method: get, Path: "/dashboard/account/security", Door: web.Form, Who: web.User, Handle: a.Security},
		{Method: get, Path: "/dashboard/account/email", Door: web.Form, Who: web.User, Fresh: true, Handle: a.EmailForm},
		{Method: post, Path: "/dashboard/account/email", Door: web.Form, Who: web.User, Fresh: true, Handle: a.SaveEmail},
		{Method: post, Path: "/dashboard/account/email/verify", Door: web.Form, Who: web.User, Handle: a.VerifyAgain},
		{Method: get, Path: "/dashboard/account/password", Door: web.Form, Who: web.User, Fresh: true, Handle: a.PasswordForm},
		{Method: post, Path: "/dashboard/account/password", Door: web.Form, Who: web.User, Fresh: true, Handle: a.SavePassword},
		{Method: get, Path: "/dashboard/account/connections", Door: web.Form, Who: web.User, Fresh: true, Leaves: true, Handle: a.Connections},
		{Method: post, Path: "/dashboard/account/connections/:provider", Door: web.Form, Who: web.User, Fresh: true, Leaves: true, Handle: s.ConnectProvider},
		{Method: post, Path: "/dashboard/account/connections/:provider/disconnect", Door: web.Form, Who: web.User, Fresh: true, Leaves: true, Handle: a.Disconnect},
		{Method: post, Path: "/dashboard/confirm/:provider", Door: web.Form, Who: web.User, Handle: s.ConfirmByProvider},
		{Method: get, Path: "/dashboard/account/devices", Door: web.Form, Who: web.User, Handle: a.Devices},
		{Method: post, Path: "/dashboard/account/sessions/end", Door: web.Form, Who: web.User, Handle: a.EndOtherSessions},
		{Method: post, Path: "/dashboard/account/sessions/:id/end", Door: web.Form, Who: web.Owner, Handle: a.EndSession},

		{Method: get, Path: "/dashboard/account/activity", Door: web.Form, Who: web.User, Handle: a.Activity},
		{Method: get, Path: "/dashboard/account/keys", Door: web.Form, Who: web.User, Handle: a.Keys},
		{Method: get, Path: "/dashboard/account/keys/new", Door: web.Form, Who: web.User, Fresh: true, Handle: a.KeyForm},
		{Method: post, Path: "/dashboard/account/keys", Door: web.Form, Who: web.User, Fresh: true, Handle: a.MakeKey},
		{Method: post, Path: "/dashboard/account/keys/:id/end", Door: web.Form, Who: web.Owner, Handle: a.EndKey},

		{Method: get, Path: "/dashboard/confirm", Door: web.Form, Who: web.User, Leaves: true, Handle: a.ConfirmForm},
		{Method: post, Path: "/dashboard/confirm", Door: web.Form, Who: web.User, Leaves: true, Handle: a.Confirm},
		{Method: post, Path: "/dashboard/confirm/options", Door: web.Form, Who: web.User, Handle: a.ConfirmOptions},
		{Method: get, Path: "/dashboard/account/factors", Door: web.Form, Who: web.User, Fresh: true, Handle: a.Factors},
		{Method: get, Path: "/dashboard/account/factors/app", Door: web.Form, Who: web.User, Fresh: true, Handle: a.AppForm},
		{Method: post, Path: "/dashboard/account/factors/app", Door: web.Form, Who: web.User, Fresh: true, Handle: a.ConfirmApp},
		{Method: post, Path: "/dashboard/account/factors/app/remove", Door: web.Form, Who: web.User, Fresh: true, Handle: a.RemoveApp},
		{Method: get, Path: "/dashboard/account/factors/passkeys", Door: web.Form, Who: web.User, Fresh: true, Handle: a.PasskeyForm},
		{Method: post, Path: "/dashboard/account/factors/passkeys", Door: web.Form, Who: web.User, Fresh: true, Handle: a.AddPasskey},
		{Method: post, Path: "/dashboard/account/factors/passkeys/options", Door: web.Form, Who: web.User, Fresh: true, Handle: a.PasskeyOptions},
		{Method: post, Path: "/dashboard/account/factors/passkeys/:id", Door: web.Form, Who: web.Owner, Fresh: true, Handle: a.RenamePasskey},
		{Method: post, Path: "/dashboard/account/factors/passkeys/:id/remove", Door: web.Form, Who: web.Owner, Fresh: true, Handle: a.RemovePasskey},
		{Method: post, Path: "/dashboard/account/factors/recovery", Door: web.Form, Who: web.User, Fresh: true, Handle: a.RenewRecovery},

		{Method: get, Path: "/admin/audit", Door: web.Form, Who: web.Admin, Handle: r.Admin.Audit},
		{Method: get, Path: "/dashboard/account/data", Door: web.Form, Who: web.User, Handle: a.Data},
		{Method: post, Path: "/dashboard/account/export", Door: web.Form, Who: web.User, Handle: a.AskForExport},
		{Method: get, Path: "/dashboard/account/export/:id", Door: web.Form, Who: web.Owner, Fresh: true, Handle: a.FetchExport},

		{Method: get, Path: "/dashboard/account/delete", Door: web.Form, Who: web.User, Fresh: true, Handle: a.CloseForm},
		{Method: post, Path: "/dashboard/account/delete", Door: web.Form, Who: web.User, Fresh: true, Handle: a.CloseAccount},
		{Method: get, Path: "/dashboard/account/closing", Door: web.Form, Who: web.User, Closing: true, Handle: a.ClosingPage},
		{Method: post, Path: "/dashboard/account/restore", Door: web.Form, Who: web.User, Closing: true, Handle: a.KeepAccount},

		{Method: get, Path: "/dev/views", Door: web.Page, Who: web.Local, Handle: r.Dev.Index},
		{Method: get, Path: "/dev/views/:room/:name", Door: web.Page, Who: web.Local, Handle: r.Dev.Show},
		{Method: get, Path: "/dev/mail", Door: web.Page, Who: web.Local, Handle: r.DevMail.List},
		{Method: get, Path: "/dev/mail/:id", Door: web.Page, Who: web.Local, Handle: r.DevMail.Show},
		{Method: get, Path: "/dev/mail/:id/page", Door: web.Page, Who: web.Local, Handle: r.DevMail.Page},
	}
}

// api is what programs use: JSON, bearer tokens.
func api(r Rooms) []web.Route {
	s, p, a, o := r.Site, r.Profiles, r.Account, r.People
	return []web.Route{
		{Method: post, Path: "/api/auth/register", Door: web.API, Who: web.Public, Handle: s.Register,
			Summary: "Make an account", In: model.RegisterInput{}, Out: site.Entered{}, Status: http.StatusCreated},
		{Method: post, Path: "/api/auth/login", Door: web.API, Who: web.Public, Handle: s.Login,
			Summary: "Sign in", In: model.LoginInput{}, Out: site.Entered{}},
		{Method: post, Path: "/api/auth/refresh", Door: web.API, Who: web.Public, Handle: s.Refresh,
			Summary: "Get a new pair of tokens; the refresh token is good once, and a second use ends its session", In: model.RefreshInput{}, Out: site.Tokens{}},
		{Method: post, Path: "/api/auth/logout", Door: web.API, Who: web.Public, Handle: s.LogoutToken,
			Summary: "End the session of a refresh token", In: model.RefreshInput{}},

		{Method: post, Path: "/api/auth/email-link", Door: web.API, Who: web.Public, Handle: s.SendLink,
			Summary: "Send a mail with a link that signs in; the answer is the same for every address", In: model.EmailInput{}, Status: http.StatusAccepted},
		{Method: post, Path: "/api/auth/email-link/redeem", Door: web.API, Who: web.Public, Handle: s.SignInByLink,
			Summary: "Sign in by the token of such a link", In: model.TokenInput{}, Out: site.Entered{}},
		{Method: post, Path: "/api/auth/password-reset", Door: web.API, Who: web.Public, Handle: s.SendReset,
			Summary: "Send a mail by which a new password is chosen; the answer is the same for every address", In: model.EmailInput{}, Status: http.StatusAccepted},
		{Method: post, Path: "/api/auth/password-reset/confirm", Door: web.API, Who: web.Public, Handle: s.Reset,
			Summary: "Choose a new password by the token of such a mail; every session ends", In: model.ResetInput{}},
		{Method: post, Path: "/api/auth/email/verify", Door: web.API, Who: web.Public, Handle: s.Verify,
			Summary: "Prove an address by the token of the mail that went there", In: model.TokenInput{}},
		{Method: post, Path: "/api/auth/email/disown", Door: web.API, Who: web.Public, Handle: s.Disown,
			Summary: "Say, by the same token, that somebody else made the account: password and sessions are void", In: model.TokenInput{}},
		{Method: post, Path: "/api/auth/email/change", Door: web.API, Who: web.Public, Handle: s.ChangeEmail,
			Summary: "Give an account its new address by the token of the mail that went there; every session ends", In: model.TokenInput{}},
		{Method: post, Path: "/api/auth/email/undo", Door: web.API, Who: web.Public, Handle: s.UndoEmail,
			Summary: "Give an account its old address back by the token of the mail that went there; password and sessions are void", In: model.TokenInput{}},

		{Method: post, Path: "/api/me/email", Door: web.API, Who: web.User, Fresh: true, Handle: a.SaveEmail,
			Summary: "Ask for another address; a mail goes there, and nothing changes before it is answered", In: model.NewEmailInput{}, Status: http.StatusAccepted},
		{Method: post, Path: "/api/me/email/verify", Door: web.API, Who: web.User, Handle: a.VerifyAgain,
			Summary: "Send the mail again by which the present address is proved", Status: http.StatusAccepted},
		{Method: post, Path: "/api/auth/second-factor", Door: web.API, Who: web.Public, Handle: s.SecondFactor,
			Summary: "Finish a sign-in by a second proof", In: model.SecondFactorInput{}, Out: site.Entered{}},
		{Method: post, Path: "/api/auth/second-factor/options", Door: web.API, Who: web.Public, Handle: s.SecondFactorOptions,
			Summary: "What a passkey is to sign as the second proof", In: model.ChallengeInput{}, Out: web.PasskeyOptions{}},
		{Method: post, Path: "/api/auth/passkey", Door: web.API, Who: web.Public, Handle: s.PasskeySignIn,
			Summary: "Sign in by a passkey alone", In: model.PasskeySignIn{}, Out: site.Entered{}},
		{Method: post, Path: "/api/auth/passkey/options", Door: web.API, Who: web.Public, Handle: s.PasskeyOptions,
			Summary: "What a passkey is to sign to sign in", Out: web.PasskeyOptions{}},
		{Method: post, Path: "/api/auth/step-up", Door: web.API, Who: web.User, Handle: a.Confirm,
			Summary: "Prove again that the person is there; good for ten minutes", In: model.StepUpInput{}},
		{Method: post, Path: "/api/auth/step-up/options", Door: web.API, Who: web.User, Secret: true, Handle: a.ConfirmOptions,
			Summary: "What a passkey is to sign to prove that", Out: web.PasskeyOptions{}},
		{Method: get, Path: "/api/auth/factors", Door: web.API, Who: web.User, Handle: a.Factors,
			Summary: "The second factors", Out: artist.Factors{}},
		{Method: post, Path: "/api/auth/totp", Door: web.API, Who: web.User, Secret: true, Fresh: true, Handle: a.StartApp,
			Summary: "Get a secret for an authenticator app", Out: artist.TOTP{}},
		{Method: post, Path: "/api/auth/totp/confirm", Door: web.API, Who: web.User, Secret: true, Fresh: true, Handle: a.ConfirmApp,
			Summary: "Take the app into use with its first code; ends every other session", In: model.TOTPConfirm{}, Out: artist.RecoveryCodes{}},
		{Method: del, Path: "/api/auth/totp", Door: web.API, Who: web.User, Fresh: true, Handle: a.RemoveApp,
			Summary: "Forget the app; ends every other session"},
		{Method: post, Path: "/api/auth/passkeys", Door: web.API, Who: web.User, Secret: true, Fresh: true, Handle: a.AddPasskey,
			Summary: "Add a passkey; ends every other session", In: model.PasskeyCreate{}, Out: artist.PasskeyMade{}, Status: http.StatusCreated},
		{Method: post, Path: "/api/auth/passkeys/options", Door: web.API, Who: web.User, Secret: true, Fresh: true, Handle: a.PasskeyOptions,
			Summary: "What a new passkey is to be", Out: web.PasskeyOptions{}},
		{Method: patch, Path: "/api/auth/passkeys/:id", Door: web.API, Who: web.Owner, Fresh: true, Handle: a.RenamePasskey,
			Summary: "Name a passkey anew", In: model.PasskeyRename{}},
		{Method: del, Path: "/api/auth/passkeys/:id", Door: web.API, Who: web.Owner, Fresh: true, Handle: a.RemovePasskey,
			Summary: "Forget a passkey; ends every other session"},
		{Method: post, Path: "/api/auth/recovery-codes", Door: web.API, Who: web.User, Secret: true, Fresh: true, Handle: a.RenewRecovery,
			Summary: "New recovery codes in the place of the old ones; ends every other session", Out: artist.RecoveryCodes{}},

		{Method: get, Path: "/api/me", Door: web.API, Who: web.User, Scope: model.ScopeAccountRead, Closing: true, Handle: a.Me,
			Summary: "The signed-in user, and how much of the plan is used", Out: web.Me{}},
		{Method: patch, Path: "/api/me", Door: web.API, Who: web.User, Handle: a.SaveMe,
			Summary: "Change name, language or time zone; what is absent stays", In: model.MeInput{}, Out: web.Me{}},
		{Method: put, Path: "/api/me/password", Door: web.API, Who: web.User, Fresh: true, Handle: a.SavePassword,
			Summary: "Choose a new password; every other session ends", In: model.PasswordInput{}},
		{Method: del, Path: "/api/me/connections/:provider", Door: web.API, Who: web.User, Fresh: true, Handle: a.Disconnect,
			Summary: "Disconnect the account at google, spotify or apple; every other session ends"},
		{Method: get, Path: "/api/sessions", Door: web.API, Who: web.User, Handle: a.Sessions,
			Summary: "The devices that are signed in", Query: artist.SessionQuery{}, Out: artist.SessionList{}},
		{Method: del, Path: "/api/sessions", Door: web.API, Who: web.User, Handle: a.EndOtherSessions,
			Summary: "End every session but the one that asks"},
		{Method: del, Path: "/api/sessions/:id", Door: web.API, Who: web.Owner, Handle: a.EndSession,
			Summary: "End one session"},

		{Method: get, Path: "/api/activity", Door: web.API, Who: web.User, Handle: a.Activity,
			Summary: "What was done with your account, the newest first", Query: artist.ActivityQuery{}, Out: artist.ActivityList{}},
		{Method: get, Path: "/api/keys", Door: web.API, Who: web.User, Handle: a.Keys,
			Summary: "Your API keys", Out: artist.KeyList{}},
		{Method: post, Path: "/api/keys", Door: web.API, Who: web.User, Fresh: true, Secret: true, Handle: a.MakeKey,
			Summary: "Make an API key; it is shown this once", In: model.KeyInput{}, Out: artist.MadeKey{}, Status: http.StatusCreated},
		{Method: del, Path: "/api/keys/:id", Door: web.API, Who: web.Owner, Handle: a.EndKey,
			Summary: "End an API key at once"},

		{Method: del, Path: "/api/account", Door: web.API, Who: web.User, Fresh: true, Handle: a.CloseAccount,
			Summary: "Have your account deleted in 14 days; your pages go off at once, and every key and other session ends", Out: artist.ClosingAccount{}, Status: http.StatusAccepted},
		{Method: post, Path: "/api/account/restore", Door: web.API, Who: web.User, Closing: true, Handle: a.KeepAccount,
			Summary: "Keep an account that was to be deleted"},
		{Method: get, Path: "/api/account/export", Door: web.API, Who: web.User, Handle: a.Data,
			Summary: "The archive of everything of yours that was asked for last, and how far it is", Out: artist.Export{}},
		{Method: post, Path: "/api/account/export", Door: web.API, Who: web.User, Handle: a.AskForExport,
			Summary: "Ask for an archive of everything of yours; while one is being made, that one is told", Out: artist.Export{}, Status: http.StatusAccepted},
		{Method: get, Path: "/api/account/export/:id", Door: web.API, Who: web.Owner, Fresh: true, Handle: a.FetchExport,
			Summary: "The archive itself, a ZIP file"},

		{Method: get, Path: "/api/profiles", Door: web.API, Who: web.User, Scope: model.ScopeProfilesRead, Handle: p.List,
			Summary: "Your profiles", Query: artist.ListQuery{}, Out: artist.ProfileList{}},
		{Method: post, Path: "/api/profiles", Door: web.API, Who: web.User, Scope: model.ScopeProfilesWrite, Handle: p.Create,
			Summary: "Make a profile, published at once", In: model.ProfileCreate{}, Out: artist.Profile{}, Status: http.StatusCreated},
		{Method: get, Path: "/api/profiles/:id", Door: web.API, Who: web.Viewer, Scope: model.ScopeProfilesRead, Handle: p.One,
			Summary: "One profile", Out: artist.Profile{}},
		{Method: put, Path: "/api/profiles/:id", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.Save,
			Summary: "Save a profile; what is absent stays", In: model.ProfileSave{}, Out: artist.Profile{}},
		{Method: del, Path: "/api/profiles/:id", Door: web.API, Who: web.Owner, Scope: model.ScopeProfilesWrite, Handle: p.Delete,
			Summary: "Delete a profile; restorable for 30 days", In: model.MaybeVersion{}},
		{Method: post, Path: "/api/profiles/:id/publish", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.Publish,
			Summary: "Make the draft public", In: model.MaybeVersion{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/restore", Door: web.API, Who: web.Owner, Scope: model.ScopeProfilesWrite, Handle: p.Restore,
			Summary: "Bring a deleted profile back", In: model.MaybeVersion{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/undo", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.Undo,
			Summary: "Take the last saved change of the draft back", In: model.VersionOnly{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/paste", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.Paste,
			Summary: "Make the right block of each address in a text", In: model.Paste{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/redo", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.Redo,
			Summary: "Do again what undo took back last", In: model.VersionOnly{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/schedule", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.Schedule,
			Summary: "Set when the draft goes public by itself; a later change of the draft calls it off", In: model.PublishAt{}, Out: artist.Profile{}},
		{Method: del, Path: "/api/profiles/:id/schedule", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.Unschedule,
			Summary: "Take that time back", In: model.VersionOnly{}, Out: artist.Profile{}},
		{Method: get, Path: "/api/profiles/:id/versions", Door: web.API, Who: web.Viewer, Scope: model.ScopeProfilesRead, Handle: p.Versions,
			Summary: "Every publish, the newest first", Query: artist.VersionQuery{}, Out: artist.VersionList{}},
		{Method: get, Path: "/api/profiles/:id/versions/:n", Door: web.API, Who: web.Viewer, Scope: model.ScopeProfilesRead, Handle: p.OneVersion,
			Summary: "One publish, with its document", Out: artist.Version{}},
		{Method: post, Path: "/api/profiles/:id/versions/:n/restore", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.RestoreVersion,
			Summary: "Make a publish the draft; nothing goes public by it", In: model.VersionOnly{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/discard", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.Discard,
			Summary: "Throw the draft away", In: model.VersionOnly{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/blocks", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.AddBlock,
			Summary: "Add a block to the draft", In: model.BlockSave{}, Out: artist.Profile{}, Status: http.StatusCreated},
		{Method: put, Path: "/api/profiles/:id/blocks/:block", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.SaveBlock,
			Summary: "Save a block of the draft; what is absent stays", In: model.BlockSave{}, Out: artist.Profile{}},
		{Method: del, Path: "/api/profiles/:id/blocks/:block", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.DeleteBlock,
			Summary: "Take a block out of the draft", In: model.VersionOnly{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/blocks/:block/move", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.MoveBlock,
			Summary: "Put a block at another place", In: model.Move{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/blocks/:block/duplicate", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.DuplicateBlock,
			Summary: "Put a copy of a block behind it, with ids of its own", In: model.VersionOnly{}, Out: artist.Profile{}, Status: http.StatusCreated},
		{Method: post, Path: "/api/profiles/:id/blocks/:block/convert", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.ConvertBlock,
			Summary: "Make a block one of another type, in its place, with an id of its own", In: model.BlockConvert{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/blocks/:block/dates", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.ImportDates,
			Summary: "Add the dates of a table (CSV) to a tour; each wrong row is told", In: model.ShowsImport{}, Out: artist.ImportedDates{}},
		{Method: post, Path: "/api/profiles/:id/blocks/:block/restore", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.RestoreBlock,
			Summary: "Put a block back that was deleted within 30 days, or is still public", In: model.VersionOnly{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/socials", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.AddSocial,
			Summary: "Add a social link to the draft", In: model.SocialSave{}, Out: artist.Profile{}, Status: http.StatusCreated},
		{Method: put, Path: "/api/profiles/:id/socials/:block", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.SaveSocial,
			Summary: "Save a social link of the draft", In: model.SocialSave{}, Out: artist.Profile{}},
		{Method: del, Path: "/api/profiles/:id/socials/:block", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.DeleteSocial,
			Summary: "Take a social link out of the draft", In: model.VersionOnly{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/socials/:block/move", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.MoveSocial,
			Summary: "Put a social link at another place", In: model.Move{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/socials/:block/restore", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.RestoreSocial,
			Summary: "Put a social link back that is still public", In: model.VersionOnly{}, Out: artist.Profile{}},
		{Method: post, Path: "/api/profiles/:id/media", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.AddMedia,
			Summary: "Store a picture, for a document to name", Upload: artist.MediaForm{}, Out: artist.Media{}, Status: http.StatusCreated},
		{Method: post, Path: "/api/profiles/:id/media/:media/crop", Door: web.API, Who: web.Editor, Scope: model.ScopeProfilesWrite, Handle: p.CropMedia,
			Summary: "Cut a rectangle out of a stored picture: another one, while the whole one stays", In: model.CropSave{}, Out: artist.Media{}, Status: http.StatusCreated},
		{Method: get, Path: "/api/profiles/:id/members", Door: web.API, Who: web.Viewer, Handle: o.List,
			Summary: "Who works on a profile, and who is asked to; open invitations are shown to its owner", Out: artist.MemberList{}},
		{Method: post, Path: "/api/profiles/:id/members", Door: web.API, Who: web.Owner, Handle: o.Invite,
			Summary: "Invite somebody by mail; the answer is the same whether they have an account", In: model.InviteInput{}, Out: artist.Member{}, Status: http.StatusCreated},
		{Method: put, Path: "/api/profiles/:id/members/:member", Door: web.API, Who: web.Owner, Handle: o.SetRole,
			Summary: "Give somebody another role", In: model.RoleInput{}, Out: artist.Member{}},
		{Method: del, Path: "/api/profiles/:id/members/:member", Door: web.API, Who: web.Viewer, Handle: o.Remove,
			Summary: "Take somebody off a profile, or an invitation back; everybody may take themselves off"},
		{Method: put, Path: "/api/profiles/:id/transfer", Door: web.API, Who: web.Owner, Fresh: true, Handle: o.Offer,
			Summary: "Offer a profile to somebody who works on it; it is theirs once they accept", In: model.TransferInput{}, Out: artist.Transfer{}},
		{Method: del, Path: "/api/profiles/:id/transfer", Door: web.API, Who: web.Viewer, Handle: o.EndOffer,
			Summary: "Take an offer back, or refuse it"},
		{Method: post, Path: "/api/profiles/:id/transfer/accept", Door: web.API, Who: web.Viewer, Fresh: true, Handle: o.TakeOver,
			Summary: "Become the owner of a profile that was offered to you", Out: artist.Profile{}},
		{Method: get, Path: "/api/invitations", Door: web.API, Who: web.User, Handle: o.Waiting,
			Summary: "Invitations that wait for you", Out: artist.WaitingList{}},
		{Method: post, Path: "/api/invitations/:invitation/accept", Door: web.API, Who: web.User, Handle: o.Accept,
			Summary: "Accept an invitation to your confirmed address", Out: artist.Joined{}},
		{Method: del, Path: "/api/invitations/:invitation", Door: web.API, Who: web.User, Handle: o.Refuse,
			Summary: "Refuse an invitation"},
		{Method: get, Path: "/api/analytics/:id", Door: web.API, Who: web.Viewer, Scope: model.ScopeAnalyticsRead, Handle: r.Figures.Show,
			Summary: "What came of a profile", Query: analytics.Question{}, Out: analytics.Report{}},
		{Method: get, Path: "/api/analytics/:id/export", Door: web.API, Who: web.Viewer, Scope: model.ScopeAnalyticsRead, Handle: r.Figures.Export,
			Summary: "The same as a file; its sums equal the totals", Query: analytics.ExportQuestion{}},
		{Method: get, Path: "/api/admin/audit", Door: web.API, Who: web.Admin, Handle: r.Admin.Audit,
			Summary: "The audit log of everybody", Query: admin.AuditQuery{}, Out: admin.AuditList{}},
		{Method: get, Path: "/api/handles", Door: web.API, Who: web.User, Scope: model.ScopeProfilesRead, Handle: p.Handle,
			Summary: "Whether a handle can be had", Query: artist.HandleQuery{}, Out: artist.HandleAnswer{}},
	}
}

// Mount puts the table on echo.
func Mount(e *echo.Echo, s *web.Server, routes []web.Route) {
	for _, r := range routes {
		h := r.Raw
		if h == nil {
			h = s.Wrap(r)
		}
		e.Add(r.Method, r.Path, h)
	}
}
