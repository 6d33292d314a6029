package e2e

import (
	"strings"
	"testing"

	"github.com/hlpfl/platform/tests/program"
)

// TestWithoutScripts is the main job for somebody whose browser runs none: plain forms all the way.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := plainArtist(t, p)
	b.Forgive("status of 422")

	b.Go("/")
	b.Field("Your address").Paste("maudteller")
	b.Button("Claim it").Click()
	b.At("/register")
	b.See("/maudteller")
	b.Field("E-mail").Paste("maud@example.com")
	b.Field("Password").Paste(program.Password)
	b.Button("Register").Click()
	b.At("/dashboard")
	if got := b.Field("Where should your page be?").Value(); got != "maudteller" {
		t.Errorf("the address that was claimed has become %q", got)
	}
	b.Field("Where should your page be?").Paste("login")
	b.Field("What do people call you?").Paste("Maud Teller")
	b.Button("Make it").Click()
	b.See("login is kept for HLPFL itself")
	b.Field("What do people call you?").Holds("Maud Teller")
	b.Field("Where should your page be?").Paste("maudteller")
	b.Button("Make it").Click()

	for i, r := range real {
		b.Link("Link").Click()
		b.Field("Address").Paste(r.pasted)
		b.Button("Add it").Click()
		b.Until("the row of "+r.service, func() bool { return len(rows(b)) == i+1 })
		if got := rows(b)[i]; !strings.Contains(got, r.service) {
			t.Errorf("%s is shown as %q", r.pasted, got)
		}
	}
	b.See("Free holds five links, and you have five.")

	// A form keeps what was typed and says what is wrong with it.
	b.Link("Watch on YouTube*").Click()
	b.Field("Address").Paste("javascript:alert(1)")
	b.Field("Title").Paste("The video")
	b.Button("Done").Click()
	b.Until("the field to be marked", func() bool { return b.Field("Address").Is("invalid") == "true" })
	b.Field("Title").Holds("The video")
	b.Field("Address").Paste(real[2].pasted)
	b.Button("Done").Click()
	b.Button("Done").SeeNot()
	b.Link("The video*").Click()
	b.Button("Up").Click()
	b.Until("the video to be second", func() bool {
		return inOrder(strings.Join(rows(b), "\n"), "Spotify", "The video YouTube", "Apple Music")
	})

	b.Link("Who*").Click()
	b.Field("Bio").Paste("Songs about buses.")
	b.Button("Save").Click()
	b.Field("Bio").Holds("Songs about buses.")
	b.Link("Sleeve*").Click()
	b.Button("Tape*").Click()
	b.Until("Tape to be chosen", func() bool { return b.Button("Tape*").Is("pressed") == "true" })
	b.Button("Publish*").Click()
	b.Button("Nothing to publish").See()

	f := fan(t, p, false)
	f.Go("/maudteller")
	f.See("Maud Teller", "Songs about buses.", "The video")
	f.Link("The video*").Click()
	f.See("Arrived at " + real[2].leads)
	b.Link("Analytics").Click()
	b.Find("heading", "Analytics for Maud Teller").See()
	b.Until("one view by the pixel, one tap", func() bool {
		b.Reload()
		return figure(b, "Clicks") == "1" && figure(b, "Views") == "1"
	})
	pixels := 0
	for _, r := range f.Requests() {
		if strings.HasSuffix(r.URL, ".gif") {
			pixels++
		}
	}
	if pixels != 1 {
		t.Errorf("%d pixels for one view", pixels)
	}
	noTraces(t, f)

	b.Button("Sign out").Click()
	b.Button("Sign out").SeeNot()
	b.Go("/dashboard")
	b.At("/login")
}
