package site

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/site"
)

// MailLink gives the handler that shows what a link from a mail is for. It changes
// nothing: programs that read mails open every link in them.
func (h *Site) MailLink(purpose store.LinkPurpose) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		quietly(r)
		token := r.QueryParam("token")
		link, err := h.Auth.Link(r.Request().Context(), purpose, token, r.From())
		if err != nil {
			return badLink(purpose), err
		}
		v := linkView(purpose, link, token)
		v.Next = localPath(r.QueryParam("next"))
		return web.Reply{Show: site.MailLinkPage(v)}, nil
	}
}

// quietly keeps the token in the address from whoever the page leads to. strict-origin
// and not no-referrer: with that a browser names no origin for the form either, and
// older ones could not prove that it came from here.
func quietly(r *web.Request) { r.Response().Header().Set("Referrer-Policy", "strict-origin") }

func linkView(purpose store.LinkPurpose, link store.EmailLink, token string) site.MailLink {
	return site.MailLink{Purpose: inPath(purpose), Token: token, Address: link.Address, Other: link.User.Email, Unproven: link.User.EmailVerifiedAt == nil}
}

// inPath is a purpose as paths write it.
func inPath(purpose store.LinkPurpose) string { return strings.ReplaceAll(string(purpose), "_", "-") }

func badLink(purpose store.LinkPurpose) web.Reply {
	return web.Reply{Again: func(e *model.Error) templ.Component {
		return site.BadLinkPage(site.BadLink{Purpose: inPath(purpose), Problem: e.Message})
	}}
}

// token reads a form, or a program's body, with nothing but the token of a link. What
// cannot be read is no good link.
func token(r *web.Request) (model.TokenInput, error) {
	quietly(r)
	return web.Read[model.TokenInput](r)
}

// Verify proves an address, or turns out whoever registered with somebody else's.
func (h *Site) Verify(r *web.Request) (web.Reply, error) {
	in, err := token(r)
	if err != nil {
		return badLink(store.LinkVerify), err
	}
	ctx := r.Request().Context()
	if in.Answer == "no" {
		return h.after(r, "disowned", store.LinkVerify, h.Auth.Disown(ctx, in.Token, r.From()))
	}
	return h.after(r, "verified", store.LinkVerify, h.Auth.Verify(ctx, in.Token, r.From()))
}

// Disown is Verify with a no, for programs.
func (h *Site) Disown(r *web.Request) (web.Reply, error) {
	in, err := token(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{}, h.Auth.Disown(r.Request().Context(), in.Token, r.From())
}

// ChangeEmail gives an account the address that the link was sent to.
func (h *Site) ChangeEmail(r *web.Request) (web.Reply, error) {
	in, err := token(r)
	if err != nil {
		return badLink(store.LinkChange), err
	}
	var here model.SessionID
	if r.Signed != nil {
		here = r.Signed.Session
	}
	return h.after(r, "email", store.LinkChange, h.Auth.ChangeEmail(r.Request().Context(), in.Token, here, r.From()))
}

// UndoEmail gives an account the address back that it had.
func (h *Site) UndoEmail(r *web.Request) (web.Reply, error) {
	in, err := token(r)
	if err != nil {
		return badLink(store.LinkUndo), err
	}
	return h.after(r, "restored", store.LinkUndo, h.Auth.UndoChange(r.Request().Context(), in.Token, r.From()))
}

// after answers what was done by a link: on the user's Sign-in page when this browser
// is signed in still, else on the page where one signs in.
func (h *Site) after(r *web.Request, what string, purpose store.LinkPurpose, err error) (web.Reply, error) {
	reply := badLink(purpose)
	reply.To = views.LoginAfter(what)
	if err == nil && r.Door != web.API {
		if still, _ := h.Cookies.Signed(r.Context); still != nil {
			reply.To = views.Done(views.Security(), what)
		}
	}
	return reply, err
}

// SignInByLink signs in whoever shows the token of a mail.
func (h *Site) SignInByLink(r *web.Request) (web.Reply, error) {
	in, err := token(r)
	if err != nil {
		return badLink(store.LinkSignIn), err
	}
	next := localPath(in.Next)
	entered, err := h.Auth.SignInByLink(r.Request().Context(), in.Token, h.from(r, next))
	if err != nil {
		return badLink(store.LinkSignIn), err
	}
	return h.admitted(r, entered, next)
}

// Reset gives an account a new password.
func (h *Site) Reset(r *web.Request) (web.Reply, error) {
	quietly(r)
	ctx := r.Request().Context()
	in, err := web.Read[model.ResetInput](r)
	if err == nil {
		err = h.Auth.Reset(ctx, in, r.From())
	}
	reply := web.Reply{To: views.LoginAfter("password")}
	reply.Again = func(e *model.Error) templ.Component {
		link, gone := h.Auth.Link(ctx, store.LinkReset, in.Token, r.From())
		if gone != nil {
			return badLink(store.LinkReset).Again(e)
		}
		v := linkView(store.LinkReset, link, in.Token)
		v.Problem, v.Errors = told(e)
		return site.MailLinkPage(v)
	}
	return reply, err
}

// LinkForm is the form that asks for a link that signs in.
func (h *Site) LinkForm(r *web.Request) (web.Reply, error) {
	next := localPath(r.QueryParam("next"))
	return web.Reply{Show: site.AskPage(site.Ask{Next: next, Sent: r.QueryParam("sent") != ""})}, nil
}

// SendLink sends a mail with a link that signs in.
func (h *Site) SendLink(r *web.Request) (web.Reply, error) {
	return h.ask(r, false, func(in model.EmailInput) error {
		return h.Auth.SendSignInLink(r.Request().Context(), in.Email, localPath(in.Next), r.From())
	})
}

// ForgotForm is the form that asks for a new password.
func (h *Site) ForgotForm(r *web.Request) (web.Reply, error) {
	return web.Reply{Show: site.AskPage(site.Ask{Reset: true, Sent: r.QueryParam("sent") != ""})}, nil
}

// SendReset sends a mail by which a new password is chosen.
func (h *Site) SendReset(r *web.Request) (web.Reply, error) {
	return h.ask(r, true, func(in model.EmailInput) error {
		return h.Auth.SendReset(r.Request().Context(), in.Email, r.From())
	})
}

// ask answers a form that asks for a mail; the same whoever's address it is.
func (h *Site) ask(r *web.Request, reset bool, send func(model.EmailInput) error) (web.Reply, error) {
	in, err := web.Read[model.EmailInput](r)
	if err == nil {
		err = send(in)
	}
	page := views.LoginLink()
	if reset {
		page = views.Forgot()
	}
	return web.Reply{
		Status: http.StatusAccepted, To: views.Sent(page),
		Again: func(e *model.Error) templ.Component {
			v := site.Ask{Reset: reset, Email: in.Email, Next: localPath(in.Next)}
			v.Problem, v.Errors = told(e)
			return site.AskPage(v)
		},
	}, err
}
