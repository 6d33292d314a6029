package mail

import (
	"fmt"

	"github.com/hlpfl/platform/views"
)

// The kinds of mail. They stand in rows, so they never change.
const (
	KindVerify          = "verify"           // to a new account's address; carries a link
	KindSignIn          = "sign_in"          // carries the link that lets in
	KindReset           = "reset"            // carries the link to a new password
	KindNoAccount       = "no_account"       // somebody wanted in by an address that has no account
	KindPasswordChanged = "password_changed" // done by "way"
	KindSpike           = "signup_spike"     // to admins: "hour" accounts, "usual" ones, from "networks"
	KindChange          = "change"           // to the address that "old" is to become; carries a link
	KindChanged         = "changed"          // to the address that was, with "new"; carries the way back
	KindRestored        = "restored"         // to the address that is again; "other" was it meanwhile
	KindConnected       = "connected"        // "provider" signs in from now on, as "who"
	KindDisconnected    = "disconnected"     // "provider" does no more
	KindLinked          = "linked"           // "provider", as "who", led to the account by its address: older ways in are void
	KindExportReady     = "export_ready"     // the archive can be fetched, for so many "days"
	KindClosing         = "closing"          // the account is to be deleted, on "day"
	KindFactor          = "factor_changed"   // a second factor was set up or removed: "what", a sentence
	KindRecoveryUsed    = "recovery_used"    // somebody came in by a recovery code; "left" are left, in words
	KindInvited         = "invited"          // "by" asks somebody to work on "handle" as "role"
	KindOffered         = "offered"          // "by" offers the profile "handle", whose id is "profile"
	KindHandedOver      = "handed_over"      // "handle" has another owner now
)

// Kinds are all of them.
func Kinds() []string {
	return []string{KindVerify, KindSignIn, KindReset, KindNoAccount, KindPasswordChanged, KindChange, KindChanged, KindRestored, KindConnected, KindDisconnected, KindLinked, KindExportReady, KindClosing, KindFactor, KindRecoveryUsed, KindInvited, KindOffered, KindHandedOver, KindSpike}
}

// Facts are what a mail is written from.
type Facts struct {
	// Origin is BASE_URL without a slash at its end: every link begins with it.
	Origin string
	// Name is how the person is called, "" when nobody knows.
	Name string
	// To is the address it goes to.
	To string
	// Link is the link that this mail carries, whole; "" for kinds without.
	Link string
	// Data is what whoever asked for the mail knew, by name.
	Data map[string]string
}

// Write makes the letter of a kind. It is an error when there is no such kind.
func Write(kind string, f Facts) (Letter, error) {
	asked := "You get this because somebody, most likely you, asked for it at HLPFL with " + f.To + ". If it was not you, do nothing: without this mail nobody gets any further."
	account := "You get this because " + f.To + " is the address of an account at HLPFL."
	switch kind {
	case KindVerify:
		return Letter{
			Subject: "Is this your address?", Preview: "One tap, and your account is whole.",
			Title:  "One tap, and your account is whole.", // no name: the address is not proved yet
			Before: []string{"Somebody made an account at HLPFL with " + f.To + ". If that was you, say so: from then on we can write to you and bring you back in when you forget your password."},
			Act:    Act{"Answer", f.Link},
			After:  []string{"If it was not you, press the button all the same and say so there. Whoever made the account is then out of it.", hour},
			Why:    "You get this because somebody wrote " + f.To + " when they registered at HLPFL.",
		}, nil
	case KindSignIn:
		return Letter{
			Subject: "Your way in", Preview: "Good for 10 minutes, once.",
			Title:  hello(f.Name, "here is your way in."),
			Before: []string{"The button opens a page that signs you in without a password. It is good for 10 minutes and works once."},
			Act:    Act{"Sign in", f.Link},
			After:  []string{"Keep it to yourself: whoever has this mail can sign in as you."},
			Why:    asked,
		}, nil
	case KindReset:
		return Letter{
			Subject: "Choose a new password", Preview: "The old one works until you do.",
			Title:  hello(f.Name, "choose a new password."),
			Before: []string{"The old one works until you have. After that every device has to sign in again."},
			Act:    Act{"Choose a password", f.Link},
			After:  []string{hour},
			Why:    asked,
		}, nil
	case KindNoAccount:
		return Letter{
			Subject: "There is no account with this address", Preview: "Perhaps you signed up with another one.",
			Title:  "There is no account with this address.",
			Before: []string{"Somebody wanted to sign in at HLPFL as " + f.To + ". No account has that address. Perhaps you signed up with another one; if not, a page of your own takes two minutes."},
			Act:    Act{"Register", f.Origin + views.Register()},
			Why:    "You get this because somebody wrote " + f.To + " at the door of HLPFL. If it was not you, do nothing.",
		}, nil
	case KindSpike:
		return Letter{
			Subject: "Many new accounts at once", Preview: f.Data["hour"] + " in the last hour.",
			Title:  "Many new accounts at once.",
			Before: []string{f.Data["hour"] + " accounts were made in the last hour; in an hour of the week before it were " + f.Data["usual"] + ". Most came from " + f.Data["networks"] + "."},
			Act:    Act{"See who", f.Origin + views.AuditLog() + "?action=user.registered"},
			After:  []string{"You are told once in six hours."},
			Why:    "You get this because you are an admin of HLPFL.",
		}, nil
	case KindPasswordChanged:
		return Letter{
			Subject: "Your password was changed", Preview: "Every other device has to sign in again.",
			Title:  "Your password was changed.",
			Before: []string{"It was done " + f.Data["way"] + ". Every other device has to sign in again."},
			Act:    Act{"It was not me", f.Origin + views.Forgot()},
			After:  []string{"If it was you, there is nothing to do."},
			Why:    account,
		}, nil
	case KindChange:
		return Letter{
			Subject: "Is this your new address?", Preview: "Your account moves here once you say so.",
			Title:  "Is this your new address?",
			Before: []string{fmt.Sprintf("The account of %s at HLPFL is to have %s instead. It moves once you say so.", f.Data["old"], f.To)},
			Act:    Act{"Move it here", f.Link},
			After:  []string{hour},
			Why:    "You get this because somebody signed in at HLPFL wrote " + f.To + " as their new address. If it was not you, do nothing, and nothing happens.",
		}, nil
	case KindChanged:
		return Letter{
			Subject: "Your account has another address now", Preview: "If it was not you, take it back within 7 days.",
			Title:  "Your account has another address now.",
			Before: []string{fmt.Sprintf("It was %s and is %s. Mails go there from now on, and that is what to sign in with.", f.To, f.Data["new"]), "If it was you, there is nothing to do. If it was not, take it back: the account is yours again by this address, everybody is signed out of it, and you choose a new password."},
			Act:    Act{"Take it back", f.Link},
			After:  []string{"This works for 7 days."},
			Why:    "You get this because " + f.To + " was the address of an account at HLPFL until a moment ago.",
		}, nil
	case KindRestored:
		return Letter{
			Subject: "Your account is back at this address", Preview: "Everybody was signed out. Choose a new password.",
			Title:  "Your account is back at this address.",
			Before: []string{fmt.Sprintf("It is %s again and no more %s. Everybody was signed out, and the old password is void: choose a new one.", f.To, f.Data["other"])},
			Act:    Act{"Choose a password", f.Link},
			After:  []string{hour},
			Why:    account,
		}, nil
	case KindConnected:
		return Letter{
			Subject: f.Data["provider"] + " signs you in now", Preview: "Every other device has to sign in again.",
			Title:  f.Data["provider"] + " signs you in now.",
			Before: []string{"An account at " + f.Data["provider"] + as(f.Data["who"]) + " was connected to yours. Whoever can sign in there can sign in here. Every other device has to sign in again."},
			Act:    Act{"See how you sign in", f.Origin + views.Security()},
			After:  []string{"If it was not you, disconnect it there and choose a new password."},
			Why:    account,
		}, nil
	case KindDisconnected:
		return Letter{
			Subject: f.Data["provider"] + " does not sign you in any more", Preview: "Every other device has to sign in again.",
			Title:  f.Data["provider"] + " does not sign you in any more.",
			Before: []string{"The account at " + f.Data["provider"] + " was disconnected from yours. Every other device has to sign in again."},
			Act:    Act{"See how you sign in", f.Origin + views.Security()},
			After:  []string{"If it was not you, choose a new password there."},
			Why:    account,
		}, nil
	case KindLinked:
		return Letter{
			Subject: "You signed in with " + f.Data["provider"], Preview: "Your old password is void, and every device was signed out.",
			Title: "You signed in with " + f.Data["provider"] + ".",
			Before: []string{
				"An account at " + f.Data["provider"] + as(f.Data["who"]) + " has the address of your account here, so from now on it signs you in.",
				"To be safe, everything that let somebody in before is void: the password, other connections, API keys. Every device was signed out.",
			},
			Act:   Act{"See how you sign in", f.Origin + views.Security()},
			After: []string{"You can choose a new password there. If it was not you, somebody else can sign in as " + f.Data["who"] + " at " + f.Data["provider"] + ": secure that account first."},
			Why:   account,
		}, nil
	case KindExportReady:
		return Letter{
			Subject: "Your export is ready", Preview: "Everything that is yours, in one archive.",
			Title:  hello(f.Name, "your export is ready."),
			Before: []string{"Everything of yours at HLPFL is packed: your account, your pages with all their versions, your pictures and your figures. It can be fetched for " + f.Data["days"] + " days, by you alone: sign in first."},
			Act:    Act{"Fetch it", f.Origin + views.Data()},
			After:  []string{"If you did not ask for it, somebody else is signed in as you: choose a new password."},
			Why:    account,
		}, nil
	case KindClosing:
		return Letter{
			Subject: "Your account is to be deleted", Preview: "On " + f.Data["day"] + ". Until then you can keep it.",
			Title:  "Your account is to be deleted on " + f.Data["day"] + ".",
			Before: []string{"Your pages are off from now on. On that day everything goes: your account, your pages with all their versions, your pictures, your figures. It cannot be taken back after that.", "Until then you can keep it: sign in and say so, and everything is as it was."},
			Act:    Act{"Keep my account", f.Origin + views.LoginThen(views.Closing())},
			After:  []string{"If it was not you, keep it and choose a new password."},
			Why:    account,
		}, nil
	case KindFactor:
		return Letter{
			Subject: "How you sign in was changed", Preview: f.Data["what"],
			Title:  "How you sign in was changed.",
			Before: []string{f.Data["what"] + " Every other device has to sign in again."},
			Act:    Act{"It was not me", f.Origin + views.Forgot()},
			After:  []string{"If it was you, there is nothing to do."},
			Why:    account,
		}, nil
	case KindRecoveryUsed:
		return Letter{
			Subject: "A recovery code was used", Preview: f.Data["left"] + ".",
			Title:  "A recovery code was used.",
			Before: []string{"It stood in for your second factor, and is used up. " + f.Data["left"] + "."},
			Act:    Act{"It was not me", f.Origin + views.Forgot()},
			After:  []string{"If it was you, there is nothing to do; make new codes before they run out."},
			Why:    account,
		}, nil
	case KindInvited:
		return Letter{
			Subject: "Will you work on /" + f.Data["handle"] + "?", Preview: f.Data["by"] + " asks you to.",
			Title:  "Will you work on /" + f.Data["handle"] + "?",
			Before: []string{fmt.Sprintf("%s asks you to work on the page /%s at HLPFL, %s.", f.Data["by"], f.Data["handle"], roleWords[f.Data["role"]]), "Sign in with " + f.To + ", or make an account with it, and the invitation waits for you there."},
			Act:    Act{"See the invitation", f.Origin + views.Invitations()},
			After:  []string{"It waits for 7 days. It is for this address: forwarded, it lets nobody in."},
			Why:    "You get this because " + f.Data["by"] + " wrote " + f.To + " when they looked for somebody to work with. If you do not know them, do nothing, and nothing happens.",
		}, nil
	case KindOffered:
		return Letter{
			Subject: "The page /" + f.Data["handle"] + " can be yours", Preview: f.Data["by"] + " hands it over to you, if you want it.",
			Title:  "The page /" + f.Data["handle"] + " can be yours.",
			Before: []string{fmt.Sprintf("%s wants to hand /%s over to you: the page with its address, all its versions, pictures and figures.", f.Data["by"], f.Data["handle"])},
			Act:    Act{"Look at the offer", f.Origin + "/dashboard/profiles/" + f.Data["profile"] + "/transfer/accept"},
			After:  []string{"It stands for 7 days. Nothing changes until you accept."},
			Why:    account,
		}, nil
	case KindHandedOver:
		return Letter{
			Subject: "/" + f.Data["handle"] + " has another owner now", Preview: "They accepted what you offered.",
			Title:  "/" + f.Data["handle"] + " has another owner now.",
			Before: []string{"They accepted what you offered. The page went over with its address, its versions, pictures and figures."},
			Act:    Act{"Your profiles", f.Origin + views.Dashboard()},
			Why:    account,
		}, nil
	}
	return Letter{}, fmt.Errorf("there is no mail of kind %q", kind)
}

// roleWords say what somebody may do who is invited as one.
var roleWords = map[string]string{
	"editor": "as an editor: you edit and publish it",
	"viewer": "as a viewer: you see its preview, its versions and its figures",
}

const hour = "The button works once, and for an hour."

// as names an account elsewhere, when its address is known.
func as(who string) string {
	if who == "" {
		return ""
	}
	return ", " + who + ","
}

// hello begins a title with somebody's name, when it is known.
func hello(name, rest string) string {
	if name == "" {
		return string(rest[0]-'a'+'A') + rest[1:]
	}
	return name + ", " + rest
}
