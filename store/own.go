package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"strings"

	"github.com/hlpfl/platform/internal/model"
)

// ownFiles are the questions for everything that is a user's: one a file, which begins
// with a line that says what it gives. Each has the user as $1; those of a profile have
// the profile as $2; its figures have as $3 whether the plan shows a part of them alone.
// They name every column: a secret is never among them.
//
//go:embed own/account/*.sql own/profile/*.sql own/figures/*.sql
var ownFiles embed.FS

// OwnPart is one kind of what is a user's: the rows of one question.
type OwnPart struct {
	Name  string // "sessions", "days"
	Says  string // what its rows are, for people
	Table bool   // rows of plain values, fit for a spreadsheet; else each row is a JSON object
	query string
}

// OwnOfAccount are the parts of an account.
func OwnOfAccount() ([]OwnPart, error) { return ownParts("own/account") }

// OwnOfProfile are the parts of a profile.
func OwnOfProfile() ([]OwnPart, error) { return ownParts("own/profile") }

// OwnFigures are a profile's figures.
func OwnFigures() ([]OwnPart, error) { return ownParts("own/figures") }

func ownParts(folder string) (parts []OwnPart, err error) {
	entries, err := ownFiles.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		raw, err := ownFiles.ReadFile(folder + "/" + e.Name())
		if err != nil {
			return nil, err
		}
		says, query, _ := strings.Cut(string(raw), "\n")
		name := strings.TrimSuffix(e.Name(), ".sql")
		says, ok := strings.CutPrefix(says, "-- ")
		if !ok {
			return nil, fmt.Errorf("%s does not say what it gives", e.Name())
		}
		name, table := strings.CutSuffix(name, ".table")
		parts = append(parts, OwnPart{Name: name, Says: says, Table: table, query: query})
	}
	return parts, nil
}

// EachOwn calls f with the names of a part's columns, and then with every row of it,
// one after another; null is "". of are the profile, for a part of one, and whether the
// plan shows some alone, for its figures.
func (tx *UserTx) EachOwn(ctx context.Context, part OwnPart, f func(row []string) error, of ...any) error {
	rows, err := tx.QueryContext(ctx, part.query, append([]any{tx.UserID}, of...)...)
	if err != nil {
		return fmt.Errorf("own %s: %w", part.Name, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	if err := f(columns); err != nil {
		return err
	}
	values := make([]sql.NullString, len(columns))
	into, row := make([]any, len(columns)), make([]string, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			row[i] = v.String
		}
		if err := f(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// OwnHandle is a profile of the user's, by its id and handle.
type OwnHandle struct {
	ID       model.ProfileID `db:"id"`
	Handle   model.Handle    `db:"handle"`
	Pictures int             `db:"pictures"`
}

// OwnProfiles lists all profiles that the user owns, deleted ones as well.
func (tx *UserTx) OwnProfiles(ctx context.Context) ([]OwnHandle, error) {
	var list []OwnHandle
	err := tx.SelectContext(ctx, &list, `
		select p.id, p.handle, (select count(*) from media m where m.profile_id = p.id) as pictures
		from profiles p
		where p.user_id = $1
		order by p.id`, tx.UserID)
	return list, err
}

// OwnPictures lists the pictures of a profile of the user's, by name.
func (tx *UserTx) OwnPictures(ctx context.Context, profile model.ProfileID) (names []string, err error) {
	err = tx.SelectContext(ctx, &names, `
		select m.name
		from media m
		join profiles p on p.id = m.profile_id
		where m.profile_id = $1
		  and p.user_id = $2
		order by m.name`, profile, tx.UserID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return names, err
}
