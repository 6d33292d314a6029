package artist

import (
	"strconv"
	"time"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
)

// Version is one publish as programs get it.
type Version struct {
	Version     int64      `json:"version" doc:"names it; they rise, and not by one"`
	ProfileName string     `json:"profile_name"`
	PublishedAt time.Time  `json:"published_at"`
	PublishedBy *Publisher `json:"published_by" doc:"null for somebody whose account is gone"`
	Scheduled   bool       `json:"scheduled" doc:"it went public by itself, as published_by had set"`
	Present     bool       `json:"present" doc:"it is what is public now"`
	Summary     string     `json:"summary" doc:"what it changed against the one before, for people"`

	ProfileData *model.Document `json:"profile_data,omitempty" doc:"in the answer about one version"`
}

// Publisher is who published.
type Publisher struct {
	ID   model.UserID `json:"id"`
	Name string       `json:"name"`
}

// VersionList is a page of publishes, the newest first.
type VersionList struct {
	Data []Version `json:"data"`
	Next *string   `json:"next" doc:"the cursor of the next page; null on the last"`
}

// VersionQuery asks for a page of publishes.
type VersionQuery struct {
	Cursor string `json:"cursor" doc:"the next of the page before"`
	Limit  int    `json:"limit" doc:"at most 100; 20 when absent"`
}

// versionsPage is how many publishes stand on one page where nobody says.
const versionsPage = 20

func (in *VersionQuery) read() (before int64, err error) {
	problems := model.Problems{}
	if in.Limit < 1 || in.Limit > 100 {
		problems.Add("limit", model.Reason("Give a number from 1 to 100."))
	}
	if in.Cursor != "" {
		if before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || before < 1 {
			problems.Add("cursor", model.Reason("Give the “next” of the page before, as it was."))
		}
	}
	return before, problems.Err()
}

// Versions lists every publish of a profile.
func (h *Profiles) Versions(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	in, err := web.ReadQuery[VersionQuery](r)
	if in.Limit == 0 && r.QueryParam("limit") == "" {
		in.Limit = versionsPage
	}
	before := int64(0)
	if err == nil {
		before, err = in.read()
	}
	out := VersionList{Data: []Version{}}
	asked := h.as(r, func(tx *store.UserTx) error {
		// Whose it is comes before what is wrong with the question.
		p, own := tx.Profile(r.Request().Context(), id)
		if own != nil || err != nil {
			return own
		}
		list, more, err := h.versions(r, tx, p, before, in.Limit)
		for _, v := range list {
			out.Data = append(out.Data, v.json())
		}
		if more {
			next := strconv.FormatInt(list[len(list)-1].Number, 10)
			out.Next = &next
		}
		return err
	})
	if asked != nil {
		err = asked
	}
	return web.Reply{JSON: out}, err
}

// told is a publish with what it changed.
type told struct {
	store.Version
	summary string
}

// versions reads a page of publishes, and whether there are more behind it. What one
// changed is seen against the one before, so one more is read.
func (h *Profiles) versions(r *web.Request, tx *store.UserTx, p model.Profile, before int64, limit int) (list []told, more bool, err error) {
	rows, err := tx.Versions(r.Request().Context(), p.ID, before, limit+1)
	if err != nil {
		return nil, false, err
	}
	for i, v := range rows {
		if i == limit {
			return list, true, nil
		}
		t := told{Version: v, summary: "first publish"}
		if i+1 < len(rows) {
			t.summary = model.Summary(rows[i+1].Document, v.Document, rows[i+1].Name != v.Name)
		}
		list = append(list, t)
	}
	return list, false, nil
}

func (t told) json() Version {
	out := Version{
		Version: t.Number, ProfileName: t.Name, PublishedAt: t.At,
		Scheduled: t.Scheduled, Present: t.Present, Summary: t.summary,
	}
	if !t.By.IsZero() {
		out.PublishedBy = &Publisher{t.By, t.ByName}
	}
	return out
}

// OneVersion is a publish with its document; on the desk, the page as it was.
func (h *Profiles) OneVersion(r *web.Request) (web.Reply, error) {
	id, number, err := versionPath(r)
	if err != nil {
		return web.Reply{}, err
	}
	var p model.Profile
	var list []told
	err = h.as(r, func(tx *store.UserTx) error {
		if p, err = tx.Profile(r.Request().Context(), id); err != nil {
			return err
		}
		list, _, err = h.versions(r, tx, p, number+1, 1)
		if err == nil && (len(list) == 0 || list[0].Number != number) {
			return model.NotFound()
		}
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	v := list[0]
	if r.Door == web.API {
		out := v.json()
		out.ProfileData = &v.Document
		return web.Reply{JSON: out}, nil
	}
	return h.framed(p, model.Draft{Name: v.Name, Document: v.Document})
}

// versionPath reads a profile and one of its publishes out of the path.
func versionPath(r *web.Request) (id model.ProfileID, number int64, err error) {
	if id, err = r.ProfileID(); err != nil {
		return id, 0, err
	}
	number, err = strconv.ParseInt(r.Param("n"), 10, 64)
	if err != nil || number < 1 {
		return id, 0, model.NotFound()
	}
	return id, number, nil
}

// RestoreVersion makes a publish the draft. Nothing goes public by it.
func (h *Profiles) RestoreVersion(r *web.Request) (web.Reply, error) {
	id, number, err := versionPath(r)
	if err != nil {
		return web.Reply{}, err
	}
	in, err := web.Read[model.VersionOnly](r)
	var p model.Profile
	if err == nil {
		err = h.as(r, func(tx *store.UserTx) error {
			p, err = tx.RestoreVersion(r.Request().Context(), id, number, in.Version)
			return err
		})
	}
	if err != nil {
		return h.refused(r, err, artist.TabHistory)
	}
	return h.edited(p, views.Said(views.Editor(p.ID), saidBack), nil, nil), nil
}

// history fills the tab of publishes and deleted blocks.
func (h *Profiles) history(r *web.Request, tx *store.UserTx, p model.Profile) (v artist.History, err error) {
	ctx, zone := r.Request().Context(), model.Zone(p.TimeZone)
	query := VersionQuery{Cursor: r.QueryParam("cursor"), Limit: versionsPage}
	before, err := query.read()
	if err != nil {
		before = 0 // somebody wrote the address by hand: the newest are shown
	}
	list, more, err := h.versions(r, tx, p, before, query.Limit)
	if err != nil {
		return v, err
	}
	look, _ := strconv.ParseInt(r.QueryParam("look"), 10, 64)
	for _, t := range list {
		row := artist.PublishedVersion{
			Number: t.Number, At: t.At.In(zone), By: cmpOr(t.ByName, "somebody whose account is gone"), Mine: t.By == r.UserID(), Scheduled: t.Scheduled,
			Present: t.Present, Summary: t.summary, Looking: t.Number == look,
		}
		v.Versions = append(v.Versions, row)
	}
	if look > 0 {
		if one, err := tx.Version(ctx, p.ID, look); err == nil {
			v.Look, v.LookAt = look, one.At.In(zone)
		} else if model.KindOf(store.Translate(err)) != model.KindNotFound {
			return v, err
		}
	}
	if before > 0 {
		v.Newer = views.EditorTab(p.ID, string(artist.TabHistory))
	}
	if more {
		v.Older = views.EditorHistory(p.ID, list[len(list)-1].Number, 0)
	}
	gone, err := tx.DeletedBlocks(ctx, p.ID, model.MaxBlocks)
	if err != nil {
		return v, err
	}
	for _, b := range gone {
		row := rowOf(b.Block, Recent{})
		v.Deleted = append(v.Deleted, artist.DeletedBlock{
			ID: row.ID, Type: row.Type, Title: row.Title, Deleted: b.DeletedAt.In(zone), Until: b.DeletedAt.Add(model.RestorableFor).In(zone),
		})
	}
	return v, nil
}
