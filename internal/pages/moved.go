package pages

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
)

// Moved gives the present handle of the profile that had this one before. It is
// NotFound when there is none, and Unavailable while PostgreSQL is away. What was
// found is remembered as briefly as that a handle names nothing.
func (p *Pages) Moved(ctx context.Context, handle model.Handle) (model.Handle, error) {
	if to, ok := p.moved.GetIfPresent(handle); ok {
		if to == "" {
			return "", model.NotFound()
		}
		return to, nil
	}
	ctx, cancel := context.WithTimeout(ctx, loadWait)
	defer cancel()
	to, err := p.store.Public().MovedTo(ctx, handle)
	if err == nil || model.KindOf(err) == model.KindNotFound {
		p.moved.Set(handle, to)
	}
	return to, err
}
