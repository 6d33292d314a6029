package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// unpacking is the key of the advisory lock that whoever changes events and
// roll-ups holds, one at a time.
const unpacking = `hashtext('hlpfl unpacking')`

// HoursKept is how many days back figures by the hour are kept; days are kept for
// ever.
const HoursKept = 90

// InboxBatch is one row of the inbox.
type InboxBatch struct {
	ID    int64     `db:"id"`
	Batch []byte    `db:"batch"`
	At    time.Time `db:"at"`
}

// InboxMark is a place in the inbox that will be settled: once no transaction
// before Next is under way any more, no row up to Last can still appear.
type InboxMark struct {
	Last int64  // the last id given out
	Next uint64 // the next transaction's number, read after Last
}

// TryUnpacking takes the right to change events until the transaction ends. It is
// false when somebody else has it.
func (tx *SystemTx) TryUnpacking(ctx context.Context) (bool, error) {
	var ours bool
	err := tx.GetContext(ctx, &ours, `select pg_try_advisory_xact_lock(`+unpacking+`)`)
	return ours, err
}

// Unpacking waits for the right to change events, and has it until the
// transaction ends.
func (tx *SystemTx) Unpacking(ctx context.Context) error {
	_, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(`+unpacking+`)`)
	return err
}

// MarkInbox notes how far the inbox has got.
func (tx *SystemTx) MarkInbox(ctx context.Context) (InboxMark, error) {
	var m InboxMark
	// Two statements: the transaction's number has to be read after the id. A row
	// has its transaction's number before its id (see the table).
	if err := tx.GetContext(ctx, &m.Last, `select case when is_called then last_value else 0 end from event_inbox_id_seq`); err != nil {
		return m, err
	}
	err := tx.GetContext(ctx, &m.Next, `select cast(cast(pg_snapshot_xmax(pg_current_snapshot()) as text) as bigint)`)
	return m, err
}

// Settled tells the oldest transaction that is still under way: what all before it
// did is visible to every statement from now on.
func (tx *SystemTx) Settled(ctx context.Context) (oldest uint64, err error) {
	err = tx.GetContext(ctx, &oldest, `select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint)`)
	return oldest, err
}

// TakeInbox reads the oldest batches above floor, at most limit.
func (tx *SystemTx) TakeInbox(ctx context.Context, floor int64, limit int) ([]InboxBatch, error) {
	var batches []InboxBatch
	err := tx.SelectContext(ctx, &batches, `
		select id, batch, at
		from event_inbox
		where id > $1
		order by id
		limit $2`, floor, limit)
	return batches, err
}

// EmptyInbox deletes batches that were taken.
func (tx *SystemTx) EmptyInbox(ctx context.Context, batches []InboxBatch) error {
	ids := make([]int64, len(batches))
	for i, b := range batches {
		ids[i] = b.ID
	}
	_, err := tx.ExecContext(ctx, `delete from event_inbox where id = any($1)`, pq.Array(ids))
	return err
}

// EventProfile is what unpacking needs to know of a profile.
type EventProfile struct {
	ID       model.ProfileID `db:"id"`
	User     model.UserID    `db:"user_id"`
	TimeZone string          `db:"time_zone"`
}

// LockEventProfiles gives those of the profiles that exist, and keeps them from
// being deleted until the transaction ends. Profiles of any user.
func (tx *SystemTx) LockEventProfiles(ctx context.Context, ids []model.ProfileID) ([]EventProfile, error) {
	var found []EventProfile
	err := tx.SelectContext(ctx, &found, `
		select id, user_id, time_zone
		from profiles
		where id = any(cast($1 as uuid[]))
		order by id
		for key share`, uuids(ids))
	return found, err
}

func uuids[K any](ids []model.ID[K]) any {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return pq.Array(texts)
}

// Aside is an event that cannot be stored.
type Aside struct {
	ID      model.EventID
	At      time.Time       // zero when unknown
	Profile model.ProfileID // zero when unknown
	Reason  string
	Event   []byte // as it was packed; nil for what must not be kept
}

// SetAside keeps events that cannot be stored, each once however often it comes,
// and gives the reasons of those that are new.
func (tx *SystemTx) SetAside(ctx context.Context, events []Aside) (reasons []string, err error) {
	for _, e := range events {
		var at, profile, event any
		if !e.At.IsZero() {
			at = e.At
		}
		if !e.Profile.IsZero() {
			profile = e.Profile.String()
		}
		if e.Event != nil {
			event = e.Event
		}
		result, err := tx.ExecContext(ctx, `
			insert into events_set_aside (id, created_at, profile_id, reason, event)
			values ($1, $2, $3, $4, $5)
			on conflict (id) do nothing`, e.ID.String(), at, profile, e.Reason, event)
		if err != nil {
			return nil, err
		}
		if n, err := result.RowsAffected(); err == nil && n > 0 {
			reasons = append(reasons, e.Reason)
		}
	}
	return reasons, nil
}

// Try runs f so that what it did can be taken back alone: after an error the
// transaction stands as before.
func (tx *SystemTx) Try(ctx context.Context, f func() error) error {
	if _, err := tx.ExecContext(ctx, `savepoint trial`); err != nil {
		return err
	}
	if err := f(); err != nil {
		if _, back := tx.ExecContext(ctx, `rollback to savepoint trial`); back != nil {
			return back
		}
		return err
	}
	_, err := tx.ExecContext(ctx, `release savepoint trial`)
	return err
}

// Refused tells whether an error is about the data itself, so that trying again
// cannot help, and gives PostgreSQL's code for it.
func Refused(err error) (code string, ok bool) {
	var pe *pq.Error
	if !errors.As(err, &pe) {
		return "", false
	}
	switch pe.Code.Class() {
	case "22", "23", "54":
		return string(pe.Code), true
	}
	return "", false
}

// EventRow is an event with what is decided at unpacking from its profile.
type EventRow struct {
	model.Event
	User  model.UserID // the profile's owner
	Day   time.Time    // the date there, at any time of day
	Hour  time.Time    // the instant at which the local hour began
	Month time.Time    // the first of the calendar month (UTC)
}

// StoreEvents stores events that are not there yet, decides what has to be
// decided, and counts them in the roll-ups. inside is the smallest plan's clicks
// a month. It gives how many were new. The ids must differ from each other, and
// the profiles must be locked.
func (tx *SystemTx) StoreEvents(ctx context.Context, events []EventRow, inside int) (stored int, err error) {
	if len(events) == 0 {
		return 0, nil
	}
	columns := newColumns(len(events))
	for i := range events {
		columns.add(&events[i])
	}
	err = tx.GetContext(ctx, &stored, storeEventsSQL, append(columns.arguments(), inside)...)
	return stored, err
}

// columns are the events' values column by column, as unnest takes them.
type columns struct {
	id, profile, user, at, kind, link, filtered, visitor, day, hour, month []string
	country, device, browser, source, campaign, clickData, visitorData     []string
}

func newColumns(n int) *columns {
	c := &columns{}
	for _, list := range c.all() {
		*list = make([]string, 0, n)
	}
	return c
}

func (c *columns) all() []*[]string {
	return []*[]string{
		&c.id, &c.profile, &c.user, &c.at, &c.kind, &c.link, &c.filtered, &c.visitor, &c.day, &c.hour, &c.month,
		&c.country, &c.device, &c.browser, &c.source, &c.campaign, &c.clickData, &c.visitorData,
	}
}

func (c *columns) arguments() []any {
	all := c.all()
	args := make([]any, len(all))
	for i, list := range all {
		args[i] = pq.Array(*list)
	}
	return args
}

func (c *columns) add(e *EventRow) {
	values := []string{
		e.ID.String(), e.Profile.String(), e.User.String(), e.At().Format(time.RFC3339Nano), string(e.Kind), string(e.Link), e.Filtered,
		visitorText(e.Visitor), e.Day.Format(time.DateOnly), e.Hour.Format(time.RFC3339), e.Month.Format(time.DateOnly),
		e.Country, e.Device, e.Browser, e.Source, e.Campaign, clickData(&e.Event), visitorData(&e.Event),
	}
	for i, list := range c.all() {
		*list = append(*list, values[i])
	}
}

// visitorText is "" for an event that has no visitor: it does not count.
func visitorText(v model.VisitorHash) string {
	if v == (model.VisitorHash{}) {
		return ""
	}
	return hex.EncodeToString(v[:])
}

// clickData is what the event did, as it stands in analytics.click_data.
func clickData(e *model.Event) string {
	b := append(make([]byte, 0, 160), `{"kind":`...)
	b = appendText(b, string(e.Kind))
	b = appendPair(b, "link", string(e.Link))
	b = appendPair(b, "target", e.Target)
	if e.Counted() {
		return string(append(b, `,"counted":true}`...))
	}
	b = append(b, `,"counted":false`...)
	return string(append(appendPair(b, "filtered", e.Filtered), '}'))
}

// visitorData is what is known of the visit, as it stands in
// analytics.visitor_data.
func visitorData(e *model.Event) string {
	b := append(make([]byte, 0, 160), '{')
	for _, p := range []struct{ name, value string }{
		{"country", e.Country}, {"device", e.Device}, {"os", e.OS}, {"browser", e.Browser}, {"app", e.App}, {"source", e.Source},
		{"referrer", e.Referrer}, {"medium", e.Medium}, {"campaign", e.Campaign}, {"term", e.Term}, {"content", e.Content},
	} {
		b = appendPair(b, p.name, p.value)
	}
	if len(b) > 1 && b[1] == ',' {
		b = append(b[:1], b[2:]...)
	}
	return string(append(b, '}'))
}

func appendPair(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(append(append(b, ',', '"'), name...), '"', ':')
	return appendText(b, value)
}

func appendText(b []byte, text string) []byte {
	plain := true
	for i := 0; plain && i < len(text); i++ {
		plain = text[i] >= ' ' && text[i] < 0x7f && text[i] != '"' && text[i] != '\\'
	}
	if plain {
		return append(append(append(b, '"'), text...), '"')
	}
	quoted, _ := json.Marshal(text) // a string always marshals
	return append(b, quoted...)
}
