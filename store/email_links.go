package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// LinkPurpose is what a link in a mail is good for.
type LinkPurpose string

// The purposes. Each proves that who follows the link reads the address's mails.
const (
	LinkVerify LinkPurpose = "verify"  // and nothing more
	LinkSignIn LinkPurpose = "sign_in" // and lets in
	LinkReset  LinkPurpose = "reset"   // and lets choose another password
	LinkChange LinkPurpose = "change"  // and makes it the account's
	LinkUndo   LinkPurpose = "undo"    // and makes it the account's again
)

// Life is how long a link is good for from its sending on.
func (p LinkPurpose) Life() time.Duration {
	switch p {
	case LinkUndo:
		return 7 * 24 * time.Hour
	case LinkSignIn: // as long as ASVS lets a proof out of band be good
		return 10 * time.Minute
	}
	return time.Hour
}

// NewEmailLink is a link that is about to be sent.
type NewEmailLink struct {
	Secret  string // of 128 random bits at least; it is kept as its SHA-256
	User    model.UserID
	Purpose LinkPurpose
	Address string // where it is sent
}

// AddEmailLink notes a link. Older ones of the same user and purpose are void from
// now on. Only an undo voids no other: whoever got hold of an account could take
// the owner's way back by changing the address once more.
func (tx *SystemTx) AddEmailLink(ctx context.Context, n NewEmailLink) error {
	if n.Purpose != LinkUndo {
		if err := tx.VoidEmailLinks(ctx, n.User, n.Purpose); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		insert into email_links (hash, user_id, purpose, address, expires_at)
		values ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
		secretHash(n.Secret), n.User, n.Purpose, n.Address, n.Purpose.Life().Seconds())
	return err
}

// VoidEmailLinks makes the links of a user for a purpose good for nothing; "" means
// every purpose.
func (tx *SystemTx) VoidEmailLinks(ctx context.Context, user model.UserID, purpose LinkPurpose) error {
	_, err := tx.ExecContext(ctx, `
		update email_links
		set expires_at = now()
		where user_id = $1
		  and (purpose = $2 or $2 = '')
		  and used_at is null
		  and expires_at > now()`, user, purpose)
	return err
}

// EmailLink is a link that is good.
type EmailLink struct {
	Address string    `db:"address"` // what it proves
	SentAt  time.Time `db:"sent_at"`
	model.User
}

// goodLink holds for a link l of a user u that may be used. Those that lead to the
// account by its address are void once the account has another.
const goodLink = `
	l.used_at is null
	and l.expires_at > now()
	and (l.address = u.email or l.purpose in ('change', 'undo'))`

// EmailLink looks at a link and changes nothing: programs that read mails open
// every link in them. ok is false when it is not good, or not any more.
func (tx *SystemTx) EmailLink(ctx context.Context, secret string, purpose LinkPurpose) (EmailLink, bool, error) {
	return tx.emailLink(ctx, `
		select l.address, l.created_at as sent_at, `+userColumns+`
		from email_links l
		join users u on u.id = l.user_id
		where l.hash = $1
		  and l.purpose = $2
		  and `+goodLink, secretHash(secret), purpose)
}

// UseEmailLink uses a link up. Of several who follow the same one at the same
// moment one gets ok.
func (tx *SystemTx) UseEmailLink(ctx context.Context, secret string, purpose LinkPurpose) (EmailLink, bool, error) {
	// The update waits for whoever holds the row, and then sees that it is used.
	return tx.emailLink(ctx, `
		update email_links l
		set used_at = now()
		from users u
		where l.hash = $1
		  and l.purpose = $2
		  and u.id = l.user_id
		  and `+goodLink+`
		returning l.address, l.created_at as sent_at, `+userColumns, secretHash(secret), purpose)
}

func (tx *SystemTx) emailLink(ctx context.Context, query string, hash []byte, purpose LinkPurpose) (l EmailLink, ok bool, err error) {
	err = tx.GetContext(ctx, &l, query, hash, purpose)
	if errors.Is(err, sql.ErrNoRows) {
		return EmailLink{}, false, nil
	}
	return l, err == nil, err
}

// secretHash is how a random secret is kept; one of so many bits needs no slow hash.
func secretHash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
