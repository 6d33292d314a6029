package model

import "time"

// User is a person with an account.
type User struct {
	ID              UserID     `db:"id"`
	Email           string     `db:"email"`
	Name            string     `db:"name"`
	Plan            string     `db:"subscription_tier"`
	Language        string     `db:"language"`
	TimeZone        string     `db:"time_zone"`
	IsAdmin         bool       `db:"is_admin"`
	EmailVerifiedAt *time.Time `db:"email_verified_at"`
	SuspendedAt     *time.Time `db:"suspended_at"`
	ClosesAt        *time.Time `db:"closes_at"` // when the account is deleted; nil: it stays
	CreatedAt       time.Time  `db:"created_at"`
}

// MustBeProven is nil for a user who has proved the own address. What sends mail,
// points a domain at us or raises a cap asks so; what names it: "Inviting people".
// The error is Unproven.
func (u User) MustBeProven(what string) error {
	if u.EmailVerifiedAt == nil {
		return Unproven(what)
	}
	return nil
}
