package artist

import (
	"time"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// maxAhead is how far ahead a publish can be set.
const maxAhead = 2 * 366 * 24 * time.Hour

// publishAt is the time that was given, in the profile's zone by a form.
func publishAt(in model.PublishAt, door web.Door, p model.Profile, now time.Time) (at time.Time, err error) {
	field := "publish_at"
	if door == web.API {
		if in.At.At == nil {
			return at, model.Invalid(field, "Give the time, like 2026-12-24T18:00:00Z.")
		}
		at = *in.At.At
	} else if at, _, err = model.InstantOf(in.Local, model.Zone(p.TimeZone), in.Second); err != nil {
		return at, model.Invalid(field, err.Error())
	}
	switch {
	case !at.After(now):
		return at, model.Invalid(field, "That is past. Choose a later time, or publish now.")
	case at.Sub(now) > maxAhead:
		return at, model.Invalid(field, "That is more than two years ahead. Choose an earlier time.")
	}
	return at, nil
}

// Schedule sets when the draft goes public by itself.
func (h *Profiles) Schedule(r *web.Request) (web.Reply, error) {
	p, err := h.profile(r)
	if err != nil {
		return web.Reply{}, err
	}
	in, err := web.Read[model.PublishAt](r)
	at := time.Time{}
	if err == nil {
		at, err = publishAt(in, r.Door, p, h.Now())
	}
	if err == nil {
		err = h.as(r, func(tx *store.UserTx) error {
			p, err = tx.SchedulePublish(r.Request().Context(), p.ID, in.Version, at)
			return err
		})
	}
	if err != nil {
		return h.refused(r, err, tabOf(r), func(v *artist.Editor, e *model.Error) {
			v.Schedule.Open, v.Schedule.Local, v.Schedule.Errors = true, in.Local, ui.Errors(fieldsOf(e))
		})
	}
	return h.edited(p, views.Said(views.EditorTab(p.ID, string(tabOf(r))), saidScheduled), nil, nil), nil
}

// Unschedule takes the time back.
func (h *Profiles) Unschedule(r *web.Request) (web.Reply, error) {
	return h.draftAct(r, saidCancelled, func(tx *store.UserTx, id model.ProfileID, version int64) (model.Profile, error) {
		return tx.CancelPublish(r.Request().Context(), id, version)
	})
}

// scheduleOf is what the editor shows of it.
func scheduleOf(p model.Profile) artist.Schedule {
	v := artist.Schedule{Zone: p.TimeZone}
	s := p.Scheduled
	if s == nil {
		return v
	}
	v.At, v.Stands, v.Refused = s.At.In(model.Zone(p.TimeZone)), s.Stands(), s.Refused
	v.Local = string(model.LocalOf(s.At, model.Zone(p.TimeZone)))
	v.Twice, v.Second = model.ComesTwice(v.At)
	return v
}
