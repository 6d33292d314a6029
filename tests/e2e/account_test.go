package e2e

import (
	"net/http"
	"testing"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/tests/program"
)

func TestProfileDeleteAndRestore(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	_, id := withProfile(t, p, b, "maud@example.com", "maudteller", threeLinks())
	status := func() int { return p.Client(t).Do("GET", "/maudteller", nil).Status }

	b.Link("Who*").Click()
	b.Button("Delete this profile").Click()
	b.Find("dialog", "Delete this profile?").See()
	b.Button("Keep it").Click()
	b.Find("dialog", "Delete this profile?").SeeNot()
	if status() != http.StatusOK {
		t.Fatal("a question that was answered with no has acted")
	}
	b.Button("Delete this profile").Click()
	b.Button("Delete").Click()
	b.See("Deleted. The page is dark now.", "is held for you until")
	b.Until("the page to be gone", func() bool { return status() == http.StatusNotFound })

	other := artist(t, p)
	p.Register(t, "other@example.com")
	signIn(other, "other@example.com")
	other.Field("Where should your page be?").Paste("maudteller")
	other.See("That handle is taken.", "maudteller.music is free")

	b.Button("Bring it back*Maud Teller").Click()
	b.See("It is back, as it was.")
	b.Until("the page to be back", func() bool { return status() == http.StatusOK })

	// Off and on again, and another address, all at once and without a publish.
	b.Go("/dashboard/profiles/" + id + "?tab=who")
	b.Switch("Fans can see this page").Click()
	b.See("This page is off.")
	b.Until("the page to be dark", func() bool { return status() == http.StatusNotFound })
	b.Switch("Fans can see this page").Click()
	b.SeeNot("This page is off.")
	b.Until("the page to be lit", func() bool { return status() == http.StatusOK })
	b.Field("Handle").Paste("maud.teller")
	b.See("maud.teller is free")
	b.Button("Save address").Click()
	b.Link(host(p) + "/maud.teller").See()
	b.Until("the old address to lead nowhere", func() bool { return status() == http.StatusNotFound })
	if a := p.Client(t).Do("GET", "/maud.teller", nil); a.Status != http.StatusOK {
		t.Errorf("the new address answers %d", a.Status)
	}
}

func TestSessionsElsewhere(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	here := artist(t, p)
	_, id := withProfile(t, p, here, "maud@example.com", "maudteller", threeLinks())
	phone := browser.New(session, t, browser.Setting{Screen: browser.Phone, Agent: browser.PhoneAgent, Origin: p.URL})
	signIn(phone, "maud@example.com")
	third := artist(t, p)
	signIn(third, "maud@example.com")
	third.Go("/dashboard/profiles/" + id)
	third.Link("Slow Harbour*").Click()
	third.Field("Title").See()

	here.Link("Account").Click()
	here.Link("Devices").Click()
	here.See("Chrome on Linux", "This one")
	here.Button("End Safari on iPhone*").Click()
	here.See("Ended. That device has to sign in again.")
	phone.Go("/dashboard/account")
	phone.At("/login")
	phone.Field("E-mail").Paste("maud@example.com")
	phone.Field("Password").Paste(program.Password)
	phone.Button("Sign in").Click()
	phone.At("/dashboard/account") // where one was going

	here.Reload()
	here.Button("End all others").Click()
	here.Button("End them").Click()
	here.See("Ended. Only this device is signed in.")
	phone.Reload()
	phone.At("/login")

	// Ended in the middle of an edit: what was typed stays on the screen, and is saved after signing in elsewhere.
	third.Forgive("(status of|Error Code) 401")
	third.Field("Title").Paste("Slow Harbour, half written")
	third.See("Not saved: you are signed out")
	third.Field("Title").Holds("Slow Harbour, half written")
	again := third.Another()
	signIn(again, "maud@example.com")
	third.Field("Title").Paste("Slow Harbour, written")
	saved(third)
	third.Reload()
	third.Field("Title").Holds("Slow Harbour, written")
}

func TestAccount(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	p.Register(t, "maud@example.com")
	signIn(b, "maud@example.com")
	b.Link("Account").Click()
	b.Field("Name").Paste("Maud T.")
	b.Find("combobox", "Time zone").Paste("Asia/Tokyo")
	b.Button("Save").Click()
	b.See("Saved.")
	b.Field("Name").Holds("Maud T.")
	b.Forgive("status of 422")
	b.Field("Name").Paste("Maud Teller")
	b.Find("combobox", "Time zone").Paste("Moon/Tranquility")
	b.Button("Save").Click()
	b.Until("the field to be marked", func() bool { return b.Find("combobox", "Time zone").Is("invalid") == "true" })
	b.Field("Name").Holds("Maud Teller")
	b.Reload()
}

// host is where public pages are, as it is written.
func host(p *program.Program) string { return p.URL[len("http://"):] }
