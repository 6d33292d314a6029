package site

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/site"
)

// Errors draws what went wrong.
type Errors struct {
	Public store.Public
	Host   string // what stands before a handle: "hlpfl.com"
}

// Page draws an error. A path that could be a handle and names nothing gets the
// page of a lost handle, which knows its neighbours.
func (e Errors) Page(ctx context.Context, v web.ErrorView) templ.Component {
	bar := site.Bar{SignedIn: v.Signed}
	if v.Status == 404 {
		if handle, ok := asHandle(v.Path); ok {
			return site.LostPage(e.lost(ctx, bar, handle))
		}
	}
	return site.ErrorPage(site.Error{
		Bar: bar, Status: v.Status, Message: v.Detail, RequestID: v.RequestID, RetryAfter: int(v.RetryAfter.Seconds()),
	})
}

func asHandle(path string) (model.Handle, bool) {
	name := strings.TrimPrefix(path, "/")
	if name == "" || strings.Contains(name, "/") {
		return "", false
	}
	handle, err := model.ParseHandle(name)
	return handle, err == nil
}

func (e Errors) lost(ctx context.Context, bar site.Bar, handle model.Handle) site.Lost {
	v := site.Lost{Bar: bar, Host: e.Host, Handle: handle.String()}
	// A neighbour is a courtesy: it may not hold the page up.
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	near, taken, err := e.Public.NearHandle(ctx, handle)
	if err == nil {
		v.Nearest, v.Free = near.String(), !taken
	}
	return v
}
