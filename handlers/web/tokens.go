package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
)

// Tokens is the API's way to know who is signed in. It needs no Redis.
type Tokens struct{ auth *auth.Auth }

// NewTokens makes it.
func NewTokens(a *auth.Auth) *Tokens { return &Tokens{a} }

// Signed tells who the request's access token or API key stands for; nil without one. The
// error is Unauthorized for a token that is no good, TooMany past its limit.
func (t *Tokens) Signed(c echo.Context) (*Signed, error) {
	given := c.Request().Header.Values("Authorization")
	if len(given) == 0 {
		return nil, nil
	}
	scheme, token, ok := strings.Cut(given[0], " ")
	if len(given) > 1 || !ok || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " ,\t") {
		return nil, model.Unauthorized("Send one access token or API key: Authorization: Bearer …")
	}
	ctx := c.Request().Context()
	if auth.IsKey(token) {
		user, key, err := t.auth.BearerKey(ctx, token)
		if err != nil {
			return nil, err
		}
		return &Signed{User: user, Key: key}, t.auth.Limits.API(ctx, key.ID.String())
	}
	who, session, err := t.auth.Bearer(ctx, token)
	if err != nil {
		return nil, err
	}
	if err := t.auth.Limits.API(ctx, session.String()); err != nil {
		return nil, err
	}
	return &Signed{User: who.User, Session: session, Methods: who.Methods, Fresh: who.Fresh}, nil
}
