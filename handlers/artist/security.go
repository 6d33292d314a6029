package artist

import (
	"context"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// Security shows how the user signs in: each part is read where it belongs.
func (h *Account) Security(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	v := artist.Security{Email: r.Signed.User.Email, Now: h.Now().In(model.Zone(r.Signed.User.TimeZone))}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if v.App, err = h.frame(ctx, tx, r); err != nil {
			return err
		}
		if v.Connections, err = h.connectionsPart(ctx, tx); err != nil {
			return err
		}
		if v.Mail, err = h.emailPart(ctx, tx); err != nil {
			return err
		}
		if v.Factors, err = h.factorsPart(ctx, tx); err != nil {
			return err
		}
		v.Password, err = h.passwordPart(ctx, tx)
		return err
	})
	v.App.Flash = securityDone(r.QueryParam("done"))
	return web.Reply{Show: artist.SecurityPage(v)}, err
}

// frame is what stands around every page of the account.
func (h *Account) frame(ctx context.Context, tx *store.UserTx, r *web.Request) (ui.App, error) {
	profile, err := tx.LatestProfile(ctx)
	return frame(r, "Account", ui.PlaceAccount, profile), err
}

func securityDone(what string) *ui.Flash {
	if text := securitySaid[what]; text != "" {
		return &ui.Flash{Text: text}
	}
	return nil
}

// securitySaid is what the page says after something was done on it.
var securitySaid = map[string]string{
	"password":  "Saved. Every other device has to sign in again.",
	"connected": "Connected. Every other device has to sign in again.",
	"linked": "Your account and that one are one from now on. To be safe, what let in before does so no more: the password, " +
		"other connections, and every other device are signed out. Choose a new password if you want one.",
	"disconnected": "Disconnected. Every other device has to sign in again.",
	"verify-asked": "Sent. It is there in a minute or two; look among the unwanted ones too.",
	"verified":     "Thank you. The address is yours for sure now.",
	"email-asked":  "Sent. Press the button in the mail at the new address.",
	"email":        "Done. Sign in with the new address from now on.",
}

// securityAfter is the way back to the page, with word of what was done.
func securityAfter(what string) string { return views.Done(views.Security(), what) }
