package web

import (
	"net/http"
	"net/netip"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// ClientIP gives echo's IPExtractor: the address of whoever asks, as
// model.Proxies finds it, "" when there is none (a unix socket).
func ClientIP(trusted []netip.Prefix) echo.IPExtractor {
	return func(r *http.Request) string {
		a, _ := model.Proxies(trusted).Client(r.RemoteAddr, r.Header["X-Forwarded-For"])
		if !a.IsValid() {
			return ""
		}
		return a.String()
	}
}

// Address is the address of whoever asks; not valid when there is none.
func (r *Request) Address() netip.Addr { return model.ParseAddress(r.RealIP()) }

// From says where a request comes in, for auth.
func (r *Request) From() auth.From {
	from := auth.From{Door: store.DoorWeb, Address: r.Address(), Agent: r.Request().UserAgent()}
	if r.Door == API {
		from.Door = store.DoorAPI
	} else if r.Signed != nil {
		from.Replaces = r.Signed.Session
	}
	return from
}
