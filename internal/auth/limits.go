package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/netip"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// limit allows n uses within a window.
type limit struct {
	name   string
	n      int
	window time.Duration
	told   string // what is told to whoever is past it
}

// The limits of the contract, at RATE_LIMIT_SCALE 1.
var (
	signInLimit   = limit{"sign-in", 10, time.Minute, "Too many tries to sign in from your network."}
	networkLimit  = limit{"sign-in-network", 100, time.Minute, "Too many tries to sign in from your network."}
	providerLimit = limit{"provider", 30, time.Minute, "Too many tries to sign in from your network."}
	registerLimit = limit{"register", 20, time.Hour, "Too many new accounts from your network."}
	refreshLimit  = limit{"refresh", 600, time.Minute, "Too many requests from your network."}
	secondLimit   = limit{"second-factor", 30, time.Minute, "Too many tries to sign in from your network."}
	ceremonyLimit = limit{"ceremony", 60, time.Minute, "Too many tries with passkeys from your network."}
	linkLimit     = limit{"link", 60, time.Minute, "Too many links opened from your network."}
	mailLimit     = limit{"mail", 20, time.Hour, "Too many mails were asked for from your network."}
	againLimit    = limit{"mail-again", 5, time.Hour, "Too many mails at once."}
	apiLimit      = limit{"api", 600, time.Minute, "Too many requests with this token."}
)

// Failures by account: so many are free, then each next try waits twice as long.
const (
	freeFailures   = 5
	failureWindow  = 15 * time.Minute
	firstWait      = 30 * time.Second
	triesMessage   = "Too many wrong passwords for this address."
	codesMessage   = "Too many wrong codes for this account. A recovery code or a passkey works at once."
	maxScaledLimit = 1 << 40
)

// Limits are how often something may be done. All errors are TooMany and say when
// to come back.
type Limits struct {
	store *store.Store
	scale float64
}

// SignIn counts a try to sign in from an address, and from its whole network: who has
// many addresses has them side by side.
func (l *Limits) SignIn(ctx context.Context, a netip.Addr) error {
	if err := l.take(ctx, signInLimit, addressKey(a)); err != nil {
		return err
	}
	return l.take(ctx, networkLimit, Network(a))
}

// Provider counts a way to an identity provider, and an answer that one posts.
func (l *Limits) Provider(ctx context.Context, a netip.Addr) error {
	return l.take(ctx, providerLimit, addressKey(a))
}

// Register counts a try to register from an address.
func (l *Limits) Register(ctx context.Context, a netip.Addr) error {
	return l.take(ctx, registerLimit, addressKey(a))
}

// Refresh counts a shown refresh token from an address.
func (l *Limits) Refresh(ctx context.Context, a netip.Addr) error {
	return l.take(ctx, refreshLimit, addressKey(a))
}

// mailLimits are how many mails anybody may have sent to one address, so that nobody
// is bombed with them. Who is past one is not told: the answer is the same.
var mailLimits = []limit{{"mail-to", 3, 15 * time.Minute, ""}, {"mail-to-day", 10, 24 * time.Hour, ""}}

// mailTo counts a mail that somebody asked for to an address, by its hash, and tells
// whether it may go out.
func (l *Limits) mailTo(ctx context.Context, email string) bool {
	for _, limit := range mailLimits {
		if l.take(ctx, limit, accountKey(email)) != nil {
			return false
		}
	}
	return true
}

// Mail counts a mail that is asked for, to whomever, from an address.
func (l *Limits) Mail(ctx context.Context, a netip.Addr) error {
	return l.take(ctx, mailLimit, addressKey(a))
}

// MailAgain counts a mail that a signed-in user asks for.
func (l *Limits) MailAgain(ctx context.Context, user model.UserID) error {
	return l.take(ctx, againLimit, user.String())
}

// Link counts a link of a mail that is followed from an address.
func (l *Limits) Link(ctx context.Context, a netip.Addr) error {
	return l.take(ctx, linkLimit, addressKey(a))
}

// API counts a request to the API by a session or an API key, named by its id. All
// access tokens of one session count as one, or refreshing would lift the limit.
func (l *Limits) API(ctx context.Context, id string) error { return l.take(ctx, apiLimit, id) }

// Try counts a try to sign in to an account, whether there is one or not, by tryKey. It
// is a failure until Passed says otherwise.
func (l *Limits) Try(ctx context.Context, key string) error {
	return tooMany(triesMessage, l.store.Try(ctx, key, l.scaled(freeFailures), firstWait, failureWindow))
}

// Passed forgets the failures of a key.
func (l *Limits) Passed(ctx context.Context, key string) { l.store.Forget(ctx, key) }

// Confirm counts a try to prove again, within a session, that its person is there.
// It is a failure until Confirmed says otherwise, and holds up nobody who signs in.
func (l *Limits) Confirm(ctx context.Context, user model.UserID) error {
	return tooMany("Too many wrong tries to confirm that it is you.", l.store.Try(ctx, "confirm:"+user.String(), l.scaled(freeFailures), firstWait, failureWindow))
}

// Confirmed forgets a user's failures to confirm.
func (l *Limits) Confirmed(ctx context.Context, user model.UserID) {
	l.store.Forget(ctx, "confirm:"+user.String())
}

// SecondFactor counts a second proof, or a passkey's sign-in, from an address.
func (l *Limits) SecondFactor(ctx context.Context, a netip.Addr) error {
	return l.take(ctx, secondLimit, addressKey(a))
}

// Ceremony counts a passkey that is asked for from an address.
func (l *Limits) Ceremony(ctx context.Context, a netip.Addr) error {
	return l.take(ctx, ceremonyLimit, addressKey(a))
}

// TryFactor counts a typed code of an account's app. It is a failure until
// FactorPassed says otherwise.
func (l *Limits) TryFactor(ctx context.Context, user model.UserID) error {
	return tooMany(codesMessage, l.store.Try(ctx, "factor:"+user.String(), l.scaled(freeFailures), firstWait, failureWindow))
}

// FactorPassed forgets an account's wrong codes.
func (l *Limits) FactorPassed(ctx context.Context, user model.UserID) {
	l.store.Forget(ctx, "factor:"+user.String())
}

// inviteLimits are how many people somebody may invite within an hour, by plan: each
// is a mail to somebody who did not ask for it.
var inviteLimits = map[plans.Plan]int{plans.Free: 5, plans.Artist: 10, plans.Business: 50, plans.Enterprise: 100}

// Invite counts an invitation, or an offer, that a user sends.
func (l *Limits) Invite(ctx context.Context, user model.UserID, plan plans.Plan) error {
	return l.take(ctx, limit{"invite", inviteLimits[plan], time.Hour, "You have invited many people within an hour."}, user.String())
}

func (l *Limits) take(ctx context.Context, what limit, who string) error {
	return tooMany(what.told, l.store.Take(ctx, what.name+":"+who, l.scaled(what.n), what.window))
}

func (l *Limits) scaled(n int) int {
	return int(min(max(math.Round(float64(n)*l.scale), 1), maxScaledLimit))
}

func tooMany(told string, wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	return &model.Error{Kind: model.KindTooMany, RetryAfter: wait, Message: told + " Try again in " + spoken(wait) + "."}
}

// spoken writes a wait as people say it, rounded up.
func spoken(wait time.Duration) string {
	n, unit := int(math.Ceil(wait.Seconds())), "second"
	if n > 90 {
		n, unit = int(math.Ceil(wait.Minutes())), "minute"
	}
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// accountKey keeps addresses of people out of Redis.
func accountKey(email string) string {
	sum := sha256.Sum256([]byte(email))
	return "account:" + hex.EncodeToString(sum[:16])
}

// Forget takes back all failures of an account that is gone.
func (l *Limits) Forget(ctx context.Context, user model.UserID, email string) {
	l.Passed(ctx, email)
	l.Confirmed(ctx, user)
	l.FactorPassed(ctx, user)
}
