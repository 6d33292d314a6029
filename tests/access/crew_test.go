package access

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the database's driver

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/tests/program"
)

// Actors who work on the owner's profile, or did, or may soon.
const (
	editor  actor = "editor"
	viewer  actor = "viewer"
	former  actor = "former member"
	invited actor = "invited, not accepted"
)

// crew are those people. They have nothing of their own, so all routes share them.
type crew struct {
	db        *sqlx.DB // as the owner of the tables, for rows
	form, api map[actor]*program.Client
	id, mail  map[actor]string
}

func newCrew(t *testing.T, p *program.Program, address string) *crew {
	t.Helper()
	c := &crew{
		db: sqlx.MustConnect("postgres", address), form: map[actor]*program.Client{}, api: map[actor]*program.Client{},
		id: map[actor]string{}, mail: map[actor]string{},
	}
	t.Cleanup(func() { c.db.Close() })
	for _, who := range []actor{editor, viewer, former, invited} {
		email := unique("crew") + "@example.com"
		c.api[who], c.mail[who] = p.Register(t, email), email
		c.form[who] = p.SignIn(t, email)
		if err := p.App.GrantPlan(t.Context(), email, "enterprise", "takes profiles over"); err != nil {
			t.Fatal(err)
		}
		var id string
		if err := c.db.Get(&id, `update users set email_verified_at = now() where email = $1 returning cast(id as text)`, email); err != nil {
			t.Fatal(err)
		}
		c.id[who] = id
	}
	return c
}

func (c *crew) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := c.db.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

func (c *crew) has(who actor) bool { return c.id[who] != "" }

// join puts the crew on a profile: an editor, a viewer, somebody who is invited, and
// somebody who is off it again.
func (c *crew) join(t *testing.T, profile string) {
	t.Helper()
	for who, role := range map[actor]string{editor: "editor", viewer: "viewer", former: "editor"} {
		c.exec(t, `
			insert into profile_members (profile_id, user_id, owner_id, role)
			select id, $2, user_id, $3 from profiles where id = $1`, profile, c.id[who], role)
	}
	c.exec(t, `delete from profile_members where profile_id = $1 and user_id = $2`, profile, c.id[former])
	c.invite(t, profile, c.mail[invited])
}

func (c *crew) invite(t *testing.T, profile, email string) (id string) {
	t.Helper()
	id = model.NewInvitationID().String()
	c.exec(t, `
		insert into invitations (id, profile_id, owner_id, email, role, profile_name, handle, owner_name, expires_at)
		select $2, id, user_id, $3, 'editor', profile_name, handle, 'somebody', now() + interval '1 day' from profiles where id = $1`, profile, id, email)
	return id
}

// ofProfile tells whether the route names a profile that several people may work on.
func (w *world) ofProfile() bool {
	return (strings.Contains(w.route.Path, "/profiles/:id") || strings.Contains(w.route.Path, "/analytics/:id")) &&
		slices.Contains([]web.Who{web.Owner, web.Editor, web.Viewer}, w.route.Who)
}

// prepare makes the rows that routes about people need, and puts the crew on a profile
// of which one of them asks.
func (w *world) prepare(t *testing.T, who actor, which row, profile string) {
	t.Helper()
	path := w.route.Path
	w.path = map[string]string{":member": w.crew.id[editor], ":invitation": model.NewInvitationID().String()}
	people := strings.Contains(path, "/people") || strings.Contains(path, "/members") || strings.Contains(path, "/transfer")
	if strings.Contains(path, ":invitation") && who != anonymous {
		email := w.maker[who].Email
		w.crew.exec(t, `update users set email_verified_at = now() where email = $1`, email)
		id, _ := w.profile(t, map[actor]actor{owner: other, other: owner, admin: owner}[who])
		w.path[":invitation"] = w.crew.invite(t, id, email)
	}
	if !w.ofProfile() || which == others && w.crew.has(who) || !people && !w.crew.has(who) {
		return
	}
	w.crew.join(t, profile)
	if !people {
		return
	}
	w.crew.exec(t, `update users set email_verified_at = now() where id = (select user_id from profiles where id = $1)`, profile)
	to := editor
	if who == viewer {
		to = viewer
	}
	w.path[":member"] = w.crew.id[to] // a member takes themself off, the owner somebody
	if strings.Contains(path, "/transfer/") || w.route.Method == http.MethodDelete {
		w.crew.exec(t, `
			insert into transfers (profile_id, owner_id, user_id, stays, expires_at)
			select id, user_id, $2, true, now() + interval '1 day' from profiles where id = $1`, profile, w.crew.id[to])
	}
}

// wantMember is what an editor or a viewer gets on the profile they work on.
func (w *world) wantMember(who actor) func(program.Answer) bool {
	return func(a program.Answer) bool {
		switch {
		case strings.HasSuffix(w.route.Path, "/:id/restore"):
			return a.Status == http.StatusNotFound // it is deleted: for its owner alone it is still there
		case w.route.Who == web.Owner, w.route.Who == web.Editor && who == viewer:
			return a.Status == http.StatusForbidden
		}
		return a.Status < 400
	}
}
