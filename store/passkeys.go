package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// Passkey is one key pair of a user's, of which we have the public half.
type Passkey struct {
	ID             model.PasskeyID `db:"id"`
	User           model.UserID    `db:"user_id"`
	CredentialID   []byte          `db:"credential_id"`
	PublicKey      []byte          `db:"public_key"` // COSE
	SignCount      int64           `db:"sign_count"` // 0 for ever where the authenticator does not count
	AAGUID         []byte          `db:"aaguid"`     // which make of authenticator
	Transports     pq.StringArray  `db:"transports"` // "internal", "hybrid", "usb" …
	BackupEligible bool            `db:"backup_eligible"`
	BackedUp       bool            `db:"backed_up"`
	Name           string          `db:"name"`
	CreatedAt      time.Time       `db:"created_at"`
	LastUsedAt     *time.Time      `db:"last_used_at"`
}

// MaxPasskeys is how many a user may have.
const MaxPasskeys = 20

const passkeyColumns = `
	id, user_id, credential_id, public_key, sign_count, aaguid, transports,
	backup_eligible, backed_up, name, created_at, last_used_at`

func passkeysOf(ctx context.Context, tx selecting, user model.UserID) ([]Passkey, error) {
	list := []Passkey{}
	err := tx.SelectContext(ctx, &list, `
		select `+passkeyColumns+`
		from passkeys
		where user_id = $1
		order by id`, user)
	return list, err
}

// AddPasskey keeps a new passkey of the user's. It is Taken when anybody has one of
// that credential id.
func (tx *UserTx) AddPasskey(ctx context.Context, p Passkey) error {
	_, err := tx.ExecContext(ctx, `
		insert into passkeys (id, user_id, credential_id, public_key, sign_count, aaguid, transports, backup_eligible, backed_up, name)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		p.ID, tx.UserID, p.CredentialID, p.PublicKey, p.SignCount, p.AAGUID, p.Transports, p.BackupEligible, p.BackedUp, p.Name)
	if constraint(err) == "passkeys_credential_id_key" {
		return &model.Error{Kind: model.KindTaken, Message: "This passkey is known already. Use another device, or sign in with it."}
	}
	return err
}

// RenamePasskey names one of the user's passkeys anew, and gives the name that it
// had. It is NotFound when the user has none of that id.
func (tx *UserTx) RenamePasskey(ctx context.Context, id model.PasskeyID, name string) (before string, err error) {
	err = tx.GetContext(ctx, &before, `
		update passkeys p
		set name = $3
		from passkeys was
		where p.id = $1
		  and p.user_id = $2
		  and was.id = p.id
		returning was.name`, id, tx.UserID, name)
	return before, Translate(err)
}

// RemovePasskey forgets one of the user's passkeys, and gives its name. It is
// NotFound when the user has none of that id.
func (tx *UserTx) RemovePasskey(ctx context.Context, id model.PasskeyID) (name string, err error) {
	err = tx.GetContext(ctx, &name, `
		delete from passkeys
		where id = $1
		  and user_id = $2
		returning name`, id, tx.UserID)
	return name, Translate(err)
}

// PasskeyOfAnyUser finds a passkey by the authenticator's name for it and holds its
// row until the end of the transaction. ok is false when nobody has it.
func (tx *SystemTx) PasskeyOfAnyUser(ctx context.Context, credential []byte) (p Passkey, ok bool, err error) {
	err = tx.GetContext(ctx, &p, `
		select `+passkeyColumns+`
		from passkeys
		where credential_id = $1
		for update`, credential)
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	return p, err == nil, err
}

// PasskeyUsed notes that a passkey has just signed, and what it told with it.
func (tx *SystemTx) PasskeyUsed(ctx context.Context, id model.PasskeyID, signCount int64, backedUp bool) error {
	_, err := tx.ExecContext(ctx, `
		update passkeys
		set sign_count = $2, backed_up = $3, last_used_at = now()
		where id = $1`, id, signCount, backedUp)
	return err
}

// AnyUser finds a user. It is NotFound when there is none.
func (tx *SystemTx) AnyUser(ctx context.Context, id model.UserID) (model.User, error) {
	var u model.User
	err := tx.GetContext(ctx, &u, `
		select `+userColumns+`
		from users u
		where u.id = $1`, id)
	return u, Translate(err)
}

// CeremonyLife is how long a passkey may take to answer.
const CeremonyLife = 5 * time.Minute

// Ceremony is a passkey's answer that is waited for.
type Ceremony struct {
	Purpose string          // "register", "sign-in", "second-factor" or "step-up"
	User    model.UserID    // who must answer; zero: whoever it turns out to be
	Session model.SessionID // that asked; zero when there is none yet
	Asked   json.RawMessage // what the answer is held against
}

// AddCeremony keeps a ceremony under the SHA-256 of its secret for CeremonyLife.
func (tx *SystemTx) AddCeremony(ctx context.Context, hash []byte, c Ceremony) error {
	_, err := tx.ExecContext(ctx, `
		insert into ceremonies (hash, purpose, user_id, session_id, asked, expires_at)
		values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
		hash, c.Purpose, idOrNull(c.User), idOrNull(c.Session), string(c.Asked), CeremonyLife.Seconds())
	return err
}

// TakeCeremony takes a ceremony out, whatever comes of it: of many who bring its
// secret at the same moment one gets it. ok is false when there is none of that
// purpose, person and session, or its time is over.
func (tx *SystemTx) TakeCeremony(ctx context.Context, hash []byte, purpose string, user model.UserID, session model.SessionID) (asked json.RawMessage, ok bool, err error) {
	var raw []byte
	err = tx.GetContext(ctx, &raw, `
		delete from ceremonies
		where hash = $1
		  and purpose = $2
		  and user_id is not distinct from $3
		  and session_id is not distinct from $4
		  and expires_at > now()
		returning asked`, hash, purpose, idOrNull(user), idOrNull(session))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return raw, err == nil, err
}

// SweepCeremonies deletes those that nobody ended in time, and secrets of apps that
// never saw a code.
func (tx *SystemTx) SweepCeremonies(ctx context.Context) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		delete from ceremonies
		where expires_at < now()`)
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	if err != nil {
		return n, err
	}
	done, err = tx.ExecContext(ctx, `
		delete from totp_secrets
		where confirmed_at is null
		  and created_at < now() - make_interval(secs => $1)`, TOTPWaits.Seconds())
	if err != nil {
		return n, err
	}
	waited, err := done.RowsAffected()
	return n + waited, err
}
