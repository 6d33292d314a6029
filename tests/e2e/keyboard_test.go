package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/tests/program"
)

// TestByKeyboardAlone registers, makes a page and publishes it without a pointer. At every step of the tab key the
// focus must be seen.
func TestByKeyboardAlone(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	press := func(role, name, key string) {
		t.Helper()
		b.TabTo(role, name)
		b.Keys(key)
	}
	write := func(label, words string) {
		t.Helper()
		b.TabTo("textbox", label)
		b.Keys(words)
	}
	focused := func(what, name string) {
		t.Helper()
		b.Until("the focus on "+what, func() bool { return strings.HasPrefix(b.Focus().Name, name) })
	}

	b.Go("/")
	b.Keys(kb.Tab) // the first stop leads past the bar
	if at := b.Focus(); at.Name != "Skip to the page" {
		t.Errorf("the first stop is %v", at)
	}
	press("link", "Register", kb.Enter)
	b.At("/register")
	write("E-mail", "maud@example.com")
	write("Password", program.Password)
	press("button", "Register", kb.Enter)

	b.At("/dashboard")
	write("What do people call you?", "Maud Teller")
	write("Where should your page be?", "maudteller")
	b.See("maudteller is free")
	press("button", "Make it", " ")

	b.At("/dashboard/profiles/")
	for i, r := range real[:2] {
		press("link", "Link", kb.Enter)
		focused("the new link's address", "Address")
		b.Keys(strings.TrimSpace(r.pasted))
		b.Until("the service", func() bool { return strings.HasSuffix(b.Field("Title").Value(), " "+r.service) })
		b.Keys(kb.Enter)
		b.Until("the row of "+r.service, func() bool { return len(rows(b)) == i+1 })
		b.Until("the focus to be somewhere", func() bool { return b.Focus().Role != "RootWebArea" })
	}

	// A row that is opened has the cursor in its form; a save by itself leaves it there.
	press("link", "Listen on Spotify*", kb.Enter)
	focused("the open form", "Address")
	b.TabTo("textbox", "Title")
	b.Keys(kb.End + ", now")
	saved(b)
	b.Until("the preview to follow", func() bool { return strings.Contains(preview(b), "Listen on Spotify, now") })
	if at := b.Focus(); at != (browser.Focused{Role: "textbox", Name: "Title"}) {
		t.Errorf("after a save by itself the focus is on %v", at)
	}
	b.Keys(" and then")
	saved(b)
	b.Field("Title").Holds("Listen on Spotify, now and then")
	press("button", "Done", kb.Enter)
	b.Button("Done").SeeNot()
	b.Until("the focus to be somewhere", func() bool { return b.Focus().Role != "RootWebArea" })

	press("button", "Move Listen on Apple Music, 2 of 2", kb.ArrowUp)
	order(b, "Listen on Apple Music", "Listen on Spotify")
	focused("the row that moved", "Move Listen on Apple Music, 1 of 2")
	saved(b)
	press("switch", "Show Listen on Apple Music", " ")
	b.Until("the switch to be off", func() bool { return b.Switch("Show Listen on Apple Music").Is("checked") == "false" })
	focused("the switch", "Show Listen on Apple Music")
	b.Keys(" ")
	b.Until("the switch to be on", func() bool { return b.Switch("Show Listen on Apple Music").Is("checked") == "true" })

	press("link", "Sleeve*", kb.Enter)
	b.Button("Tape*").See()
	press("button", "Tape*", " ")
	b.Until("Tape to be chosen", func() bool { return b.Button("Tape*").Is("pressed") == "true" })
	focused("the sleeve", "Tape")

	press("button", "Publish*", kb.Enter)
	b.Button("Nothing to publish").See()
	if page := public(t, p, "maudteller"); !inOrder(page, "Listen on Apple Music", "Listen on Spotify, now and then") {
		t.Error("the page is not what was made")
	}

	// A question holds the focus until it is answered, and gives it back.
	press("link", "Who*", kb.Enter)
	b.Button("Delete this profile").See()
	press("button", "Delete this profile", kb.Enter)
	b.Find("dialog", "Delete this profile?").See()
	for range 6 {
		b.Keys(kb.Tab)
		if at := b.Focus(); at.Role == "button" && at.Name != "Keep it" && at.Name != "Delete" {
			t.Errorf("behind the question, the focus is on %v", at)
		}
	}
	b.Keys(kb.Escape)
	b.Find("dialog", "Delete this profile?").SeeNot()
	focused("what asked", "Delete this profile")
	press("button", "Sign out", kb.Enter)
	b.Until("the desk to be left", func() bool { return !b.Button("Sign out").Here() })
}
