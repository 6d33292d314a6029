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
	CreatedAt       time.Time  `db:"created_at"`
}
