package store

import (
	"context"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// NearHandle finds a public handle one slip of the finger away from one that
// shows nothing, and tells whether that one is taken all the same (off, deleted).
// near is "" when there is none.
func (p Public) NearHandle(ctx context.Context, handle model.Handle) (near model.Handle, taken bool, err error) {
	// All that is one edit away, looked up by the unique index: a thousand names at
	// most, and no scan however many profiles there are.
	rows, err := p.db.QueryContext(ctx, `
		select handle, not off and not suspended
		from handle_states
		where handle = any($1)
		order by handle`, pq.Array(append(oneEdit(string(handle)), string(handle))))
	if err != nil {
		return "", false, Translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var shown bool
		if err := rows.Scan(&name, &shown); err != nil {
			return "", false, Translate(err)
		}
		if name == string(handle) {
			taken = true
		} else if shown && near == "" {
			near = model.Handle(name)
		}
	}
	return near, taken, Translate(rows.Err())
}

const handleLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_."

// oneEdit lists what is one letter more, less or other, or two neighbours swapped.
func oneEdit(s string) []string {
	var out []string
	for i := range len(s) + 1 {
		for _, c := range handleLetters {
			out = append(out, s[:i]+string(c)+s[i:])
			if i < len(s) {
				out = append(out, s[:i]+string(c)+s[i+1:])
			}
		}
		if i < len(s) {
			out = append(out, s[:i]+s[i+1:])
		}
		if i+1 < len(s) {
			out = append(out, s[:i]+s[i+1:i+2]+s[i:i+1]+s[i+2:])
		}
	}
	return out
}
