package auth

import (
	"context"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// journeyLife is how long a journey to a provider and back may take.
const journeyLife = 10 * time.Minute

// Depart begins a journey and keeps it until it comes back: address is where the
// browser goes, state what must come back with it, and must be kept for this browser
// alone. The error is NotFound for a provider that is not offered, TooMany past the
// limit.
func (a *Auth) Depart(ctx context.Context, j Journey, from From) (address, state string, err error) {
	if err := a.Limits.Provider(ctx, from.Address); err != nil {
		return "", "", err
	}
	address, state, err = a.Providers.Begin(ctx, &j)
	if err != nil {
		return "", "", err
	}
	return address, state, a.layAside(ctx, "journey:"+state, j, journeyLife)
}

// Return ends the journey of a state: of many who bring the same one back, one gets
// it. ok is false when there is none, or not any more.
func (a *Auth) Return(ctx context.Context, state string) (j Journey, ok bool, err error) {
	ok, err = a.takeBack(ctx, "journey:"+state, &j)
	return j, ok, err
}

// Linking tells of a provider's account that became a way into an account that was
// there before.
type Linking struct {
	Provider string
	Waits    bool // for the second factor
}

// Arrival is what came of a provider's answer.
type Arrival struct {
	Entered Entered
	New     bool     // the account was made just now
	Linked  *Linking // the identity was new to an account that was there; nil for none
	Ask     bool     // nobody is signed in: the answer proves no address, and a new account needs one
}

// EnterBy lets in whoever a provider says somebody is. Who that is, is provider and
// subject; an address makes a new account, or leads to the one that has it, only
// where the provider has proven it. The error is Taken, and says what to do, where
// the account with that address was never proven to be anybody's.
func (a *Auth) EnterBy(ctx context.Context, who Person, timeZone string, from From) (Arrival, error) {
	var arrival Arrival
	err := a.store.Entry(ctx, func(tx *store.SystemTx) error {
		user, known, err := tx.UserOfIdentity(ctx, who.Provider, who.Subject)
		if err != nil {
			return err
		}
		if known {
			if err := tx.IdentityUsed(ctx, who.identity()); err != nil {
				return err
			}
			arrival.Entered, err = a.admit(ctx, tx, user, Proof{Method: who.Provider}, from)
			return err
		}
		if !who.Proven {
			arrival.Ask = true
			return nil
		}
		user, err = tx.AnyUserByEmail(ctx, who.Email)
		switch {
		case model.KindOf(err) == model.KindNotFound:
			arrival.New = true
			arrival.Entered, err = a.addBy(ctx, tx, who, timeZone, from)
			return err
		case err != nil:
			return err
		case user.EmailVerifiedAt == nil:
			return proveFirst(who)
		}
		arrival.Linked = &Linking{Provider: who.Provider}
		arrival.Entered, err = a.linkBy(ctx, tx, user, who, from)
		arrival.Linked.Waits = arrival.Entered.Challenge != ""
		return err
	})
	return arrival, err
}

// RegisterBy makes an account for somebody whose provider proves no address, with one
// that they wrote, which nobody has proven. The error is Taken for an address that
// has an account, as Register's is.
func (a *Auth) RegisterBy(ctx context.Context, who Person, email, timeZone string, from From) (Arrival, error) {
	if err := a.Limits.Register(ctx, from.Address); err != nil {
		return Arrival{}, err
	}
	arrival := Arrival{New: true}
	who.Email, who.Proven = email, false
	err := a.store.Entry(ctx, func(tx *store.SystemTx) (err error) {
		arrival.Entered, err = a.addBy(ctx, tx, who, timeZone, from)
		return err
	})
	return arrival, err
}

func (w Person) identity() store.Identity {
	return store.Identity{Provider: w.Provider, Subject: w.Subject, Email: w.Email}
}

// addBy makes an account without a password and lets its owner in.
func (a *Auth) addBy(ctx context.Context, tx *store.SystemTx, who Person, timeZone string, from From) (Entered, error) {
	user := model.User{ID: model.NewUserID(), Email: who.Email, Name: who.Name, Plan: "free", Language: "en", TimeZone: timeZone}
	if user.TimeZone == "" {
		user.TimeZone = "UTC"
	}
	if err := tx.AddUser(ctx, user, ""); err != nil {
		return Entered{}, err
	}
	prove := func() error { return askToVerify(ctx, tx, user.ID) }
	if who.Proven {
		prove = func() error { return tx.ProveEmail(ctx, user.ID, who.Email) }
	}
	if err := prove(); err != nil {
		return Entered{}, err
	}
	if err := tx.AddIdentity(ctx, user.ID, who.identity()); err != nil {
		return Entered{}, err
	}
	err := tx.Audit(ctx, store.Entry{
		Actor: user.ID, User: user.ID, Action: "user.registered", Subject: who.Provider, AddressPrefix: Network(from.Address),
	})
	if err != nil {
		return Entered{}, err
	}
	return a.admit(ctx, tx, user, Proof{Method: who.Provider}, from)
}

// linkBy makes an identity a way into an account whose address both sides have proven.
// Where the account has a second factor, that comes first.
func (a *Auth) linkBy(ctx context.Context, tx *store.SystemTx, user model.User, who Person, from From) (Entered, error) {
	second, err := tx.SecondFactor(ctx, user.ID)
	if err != nil {
		return Entered{}, err
	}
	if user.SuspendedAt == nil && !second {
		if err := a.link(ctx, tx, user, who.identity(), from); err != nil {
			return Entered{}, err
		}
	}
	entered, err := a.admit(ctx, tx, user, Proof{Method: who.Provider}, from)
	if err == nil && entered.Challenge != "" {
		err = tx.AddWaitingIdentity(ctx, digest(entered.Challenge), user.ID, who.identity())
	}
	return entered, err
}

// link makes an identity a way in, and voids every older one that somebody else could
// have prepared before the owner came: the password, other identities, sessions with
// their tokens. What is a second factor stays: it was just met, or there is none.
func (a *Auth) link(ctx context.Context, tx *store.SystemTx, user model.User, i store.Identity, from From) error {
	if err := tx.VoidWaysIn(ctx, user.ID); err != nil {
		return err
	}
	if _, err := tx.EndSessionsOfAnyUser(ctx, user.ID, model.SessionID{}, "linked with "+i.Provider); err != nil {
		return err
	}
	if err := tx.VoidEmailLinks(ctx, user.ID, ""); err != nil {
		return err // one could lead the account to another address
	}
	if err := tx.AddIdentity(ctx, user.ID, i); err != nil {
		return err
	}
	if err := tx.SendMail(ctx, aboutIdentity(mail.KindLinked, user.ID, i)); err != nil {
		return err
	}
	return tx.Audit(ctx, store.Entry{
		Actor: user.ID, User: user.ID, Action: "identity.linked", Subject: i.Provider, After: map[string]string{"email": i.Email}, AddressPrefix: Network(from.Address),
	})
}

// linkWaiting links what waited for a challenge that has just been met.
func (a *Auth) linkWaiting(ctx context.Context, tx *store.SystemTx, challenge []byte, user model.User, from From) error {
	i, ok, err := tx.TakeWaitingIdentity(ctx, challenge, user.ID)
	if err != nil || !ok {
		return err
	}
	return a.link(ctx, tx, user, i, from)
}

// proveFirst is the answer to somebody whose provider has proven an address that an
// account of nobody's proven bears: anyone could have made that account, to wait in
// it for its owner.
func proveFirst(who Person) error {
	return &model.Error{
		Kind: model.KindTaken,
		Message: "There is an account with " + who.Email + ", and nobody has shown yet that the address is theirs. " +
			"Have a link sent there and follow it; then come back and go on with " + ProviderName(who.Provider) + ".",
		Fields: map[string]string{"email": who.Email},
	}
}

// Connect makes an identity one more way in for a user who is signed in. Every other
// session ends with it. The error is Taken when it is connected to somebody, without
// a word to whom, or when the user has another one of that provider.
func (a *Auth) Connect(ctx context.Context, user model.UserID, session model.SessionID, who Person, from From) error {
	name := ProviderName(who.Provider)
	return a.store.AsUser(ctx, user, func(tx *store.UserTx) error {
		has, err := tx.Identities(ctx)
		if err != nil {
			return err
		}
		for _, i := range has {
			switch {
			case i.Provider == who.Provider && i.Subject == who.Subject:
				return nil // it is there already
			case i.Provider == who.Provider:
				return &model.Error{Kind: model.KindTaken, Message: "Another " + name + " account is connected. Disconnect that one first."}
			}
		}
		if err := tx.AddIdentity(ctx, who.identity()); model.KindOf(err) == model.KindTaken {
			return &model.Error{Kind: model.KindTaken, Message: "This " + name + " account cannot be connected here: it signs somebody in already. Sign in with it and disconnect it there first."}
		} else if err != nil {
			return err
		}
		if _, err := tx.EndOtherSessions(ctx, session, "connected with "+who.Provider); err != nil {
			return err
		}
		if err := tx.SendMail(ctx, aboutIdentity(mail.KindConnected, user, who.identity())); err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{
			Actor: user, User: user, Action: "identity.connected", Subject: who.Provider, After: map[string]string{"email": who.Email}, AddressPrefix: Network(from.Address),
		})
	})
}

// aboutIdentity is a mail to whom an identity is, or was, a way in.
func aboutIdentity(kind string, user model.UserID, i store.Identity) store.NewMail {
	return store.NewMail{Kind: kind, User: user, Data: map[string]string{"provider": ProviderName(i.Provider), "who": i.Email}}
}

// Disconnect takes an identity away as a way in, unless it is the last, which is a
// Conflict. Every other session ends with it. It is NotFound when the user has none of
// that provider.
func (a *Auth) Disconnect(ctx context.Context, user model.UserID, session model.SessionID, provider string, from From) error {
	return a.store.AsUser(ctx, user, func(tx *store.UserTx) error {
		ways, err := tx.WaysIn(ctx)
		if err != nil {
			return err
		}
		if err := tx.Disconnect(ctx, provider); err != nil {
			return err
		}
		if !ways.WithoutIdentity() {
			return &model.Error{Kind: model.KindConflict, Message: ProviderName(provider) +
				" is your only way in, so it stays. Choose a password first, or prove your address: then a mail lets you in."}
		}
		if _, err := tx.EndOtherSessions(ctx, session, "disconnected from "+provider); err != nil {
			return err
		}
		if err := tx.SendMail(ctx, aboutIdentity(mail.KindDisconnected, user, store.Identity{Provider: provider})); err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{Actor: user, User: user, Action: "identity.disconnected", Subject: provider, AddressPrefix: Network(from.Address)})
	})
}

// ConfirmBy notes that the person behind a session has proved again to be there, by
// an identity of theirs. Where there is a second factor that proves more, and is
// asked for instead. The error is Forbidden for anybody else's identity.
func (a *Auth) ConfirmBy(ctx context.Context, user model.UserID, session model.SessionID, who Person, from From) error {
	return a.store.Entry(ctx, func(tx *store.SystemTx) error {
		owner, known, err := tx.UserOfIdentity(ctx, who.Provider, who.Subject)
		if err != nil {
			return err
		}
		second, err := tx.SecondFactor(ctx, user)
		if err != nil {
			return err
		}
		if !known || owner.ID != user || second {
			return model.Forbidden("This " + ProviderName(who.Provider) + " account does not confirm that it is you. Choose the one that you sign in with, or confirm in another way.")
		}
		if err := tx.SessionProved(ctx, session, who.Provider); err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{
			Actor: user, User: user, Action: "session.stepped_up", Subject: session.String(), After: map[string]string{"method": who.Provider}, AddressPrefix: Network(from.Address),
		})
	})
}
