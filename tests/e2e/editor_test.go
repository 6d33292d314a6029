package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/tests/program"
)

// order waits until the rows begin so, in this order.
func order(b *browser.Tab, titles ...string) {
	b.T.Helper()
	b.Until("the order "+strings.Join(titles, ", "), func() bool {
		return slices.EqualFunc(rows(b), titles, strings.HasPrefix)
	})
}

// saved waits until the editor says that all is saved.
func saved(b *browser.Tab) {
	b.T.Helper()
	b.Until("word that it is saved", func() bool {
		var text string
		_ = b.Eval(`document.querySelector('#saved').textContent`, &text)
		return strings.HasPrefix(text, "Saved ")
	})
}

func TestEditorSavesByItself(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	withProfile(t, p, b, "maud@example.com", "maudteller", threeLinks())

	b.See("All of it is public")
	b.Link("Slow Harbour*").Click()
	b.Field("Title").Paste("Slow Harbour, out now")
	saved(b)
	b.Button("Publish 1 change").See()
	b.Until("the preview to follow", func() bool { return strings.Contains(preview(b), "Slow Harbour, out now") })
	if strings.Contains(public(t, p, "maudteller"), "out now") {
		t.Error("what is not published is public")
	}
	b.Reload()
	b.Field("Title").Holds("Slow Harbour, out now")
	order(b, "Slow Harbour, out now", "Night Bus", "On vinyl")

	// What is wrong is said beside its field, and neither side of it is lost.
	b.Forgive("status of 422")
	b.Field("Address").Paste("https://user:secret@example.com/")
	b.Until("the field to be marked", func() bool { return b.Field("Address").Is("invalid") == "true" })
	b.See("Not saved")
	b.Field("Address").Holds("https://user:secret@example.com/")
	b.Field("Address").Paste("https://open.spotify.com/album/6lU6hMCjMI75M1A2tKUQCx")
	b.Until("the mark to go", func() bool { return b.Field("Address").Is("invalid") != "true" })
	saved(b)
	b.Button("Done").Click()
	b.Button("Done").SeeNot()
	b.Reload()
	order(b, "Slow Harbour, out now", "Night Bus", "On vinyl")
	if b.Button("Done").Here() {
		t.Error("a row that was done with is open again after a reload")
	}

	b.Link("Who*").Click()
	b.Field("Bio").Paste("Songs about buses.")
	saved(b)
	b.Field("Name").Paste("Maud Teller & the Fog")
	b.Until("the preview to follow", func() bool {
		return strings.Contains(preview(b), "Songs about buses.") && strings.Contains(preview(b), "Fog")
	})
	saved(b)
	b.Reload()
	b.Field("Name").Holds("Maud Teller & the Fog")
	b.Field("Bio").Holds("Songs about buses.")
	b.Button("Publish 3 changes").Click()
	b.Button("Nothing to publish").See()
	if page := public(t, p, "maudteller"); !strings.Contains(page, "Maud Teller &amp; the Fog") || !strings.Contains(page, "Slow Harbour, out now") {
		t.Error("what was published is not public")
	}
}

func TestReorder(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	withProfile(t, p, b, "maud@example.com", "maudteller", threeLinks())

	order(b, "Slow Harbour", "Night Bus", "On vinyl")
	b.Button("Move On vinyl, 3 of 3").Drag(b.Button("Move Slow Harbour, 1 of 3"))
	order(b, "On vinyl", "Slow Harbour", "Night Bus")
	saved(b)
	b.Button("Move On vinyl, 1 of 3").See()

	// By the keyboard: the focus goes along with the row.
	b.TabTo("button", "Move Night Bus*")
	b.Keys(kb.ArrowUp)
	order(b, "On vinyl", "Night Bus", "Slow Harbour")
	b.Until("the focus to go along", func() bool {
		return b.Focus() == browser.Focused{Role: "button", Name: "Move Night Bus, the video, 2 of 3"}
	})
	saved(b)
	b.Keys(kb.ArrowUp)
	order(b, "Night Bus", "On vinyl", "Slow Harbour")
	b.Until("the focus to go along", func() bool { return b.Focus().Name == "Move Night Bus, the video, 1 of 3" })
	saved(b)
	b.Keys(kb.ArrowUp) // it is at the top
	b.Reload()
	order(b, "Night Bus", "On vinyl", "Slow Harbour")

	b.Button("Publish*").Click()
	b.Button("Nothing to publish").See()
	if !inOrder(public(t, p, "maudteller"), "Night Bus", "On vinyl", "Slow Harbour") {
		t.Error("the public page has another order")
	}

	// A heading takes along what it stands over: by drag, by the keyboard, and back. Alone it goes by its other grip.
	b.Link("Heading").Click()
	b.Field("Heading").Paste("Listen")
	b.Button("Add it").Click()
	b.Button("Move Listen, 4 of 4").See()
	b.Button("Move Listen, 4 of 4").Drag(b.Button("Move On vinyl, 2 of 4"))
	order(b, "Night Bus", "Listen", "On vinyl", "Slow Harbour")
	saved(b)
	b.Button("Move the group Listen, 3 blocks, 2 of 4").Drag(b.Button("Move Night Bus, the video, 1 of 4"))
	order(b, "Listen", "On vinyl", "Slow Harbour", "Night Bus")
	b.Button("Move the group Listen, 4 blocks, 1 of 4").See() // what stood before it stands under it now
	b.Button("Undo*").Click()
	order(b, "Night Bus", "Listen", "On vinyl", "Slow Harbour")
	b.TabTo("button", "Move the group Listen*")
	b.Keys(kb.ArrowUp)
	order(b, "Listen", "On vinyl", "Slow Harbour", "Night Bus")
	b.Until("word of the group", func() bool {
		var said string
		b.Must(`document.querySelector('#saved-said').textContent`, &said)
		return said == "the group Listen, 4 blocks, 1 of 4"
	})
	b.TabTo("button", "Move Listen alone, 1 of 4")
	b.Keys(kb.ArrowDown)
	order(b, "On vinyl", "Listen", "Slow Harbour", "Night Bus")
}

func TestSwitchDeleteUndo(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	withProfile(t, p, b, "maud@example.com", "maudteller", threeLinks())

	show := b.Switch("Show On vinyl")
	if show.Is("checked") != "true" {
		t.Errorf("a new link is switched %q", show.Is("checked"))
	}
	show.Click()
	b.Until("the switch to be off", func() bool { return show.Is("checked") == "false" })
	saved(b)
	if !strings.Contains(public(t, p, "maudteller"), "On vinyl") {
		t.Error("switched off before it was published")
	}
	b.Button("Publish 1 change").Click()
	b.Button("Nothing to publish").See()
	if strings.Contains(public(t, p, "maudteller"), "On vinyl") {
		t.Error("switched off and still public")
	}

	// Deleted: struck through until it is published, and back again by either way.
	remove := func() {
		b.Link("Night Bus, the video*").Click()
		b.Button("Delete").Click()
		b.Button("Put back*Night Bus*").See()
		b.See("Deleted. Fans see it until you publish.")
	}
	remove()
	if !struck(b, "Night Bus, the video") {
		t.Error("what is deleted is not struck through")
	}
	b.Button("Put back*Night Bus*").Click()
	b.Switch("Show Night Bus, the video").See()
	b.Button("Nothing to publish").See()
	remove()
	b.Button("Undo*").Click()
	b.Switch("Show Night Bus, the video").See()
	order(b, "Slow Harbour", "Night Bus", "On vinyl")
	remove()
	b.Button("Publish 1 change").Click()
	b.Button("Nothing to publish").See()
	order(b, "Slow Harbour", "On vinyl")
	if strings.Contains(public(t, p, "maudteller"), "Night Bus") {
		t.Error("deleted and still public")
	}

	// Undo of something that was typed.
	b.Link("Slow Harbour*").Click()
	b.Field("Title").Paste("Slow Motion")
	saved(b)
	b.Button("Done").Click()
	order(b, "Slow Motion", "On vinyl")
	b.Button("Undo*").Click()
	order(b, "Slow Harbour", "On vinyl")
}

// struck tells whether a pencil line goes through a title, from its one end to the other.
func struck(b *browser.Tab, title string) bool {
	b.T.Helper()
	var is bool
	b.Must(`[...document.querySelectorAll('#tracks *')].some(e => {
	  if (e.textContent.trim() !== '`+title+`') return false;
	  const line = getComputedStyle(e, '::after'), box = e.getBoundingClientRect(), top = parseFloat(line.top);
	  return line.content === '""' && line.backgroundColor !== 'rgba(0, 0, 0, 0)' && parseFloat(line.width) >= box.width && top > 0 && top < box.height;
	})`, &is)
	return is
}

func TestSocialsAndTexts(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	withProfile(t, p, b, "maud@example.com", "maudteller", map[string]any{})

	b.Link("Heading").Click()
	b.Field("Heading").Paste("Listen")
	b.Button("Add it").Click()
	order(b, "Listen")
	b.Link("Text").Click()
	b.Field("Text").Paste("Two records.\n\nOne <b>more</b> comes.")
	b.Button("Add it").Click()
	b.Until("two rows", func() bool { return len(rows(b)) == 2 })
	b.Link("Elsewhere*").Click()
	for _, address := range []string{"instagram.com/maudteller", "https://www.youtube.com/@maudteller"} {
		b.Field("Another place").Paste(address)
		b.Button("Add it").Click()
		b.Until("the field to be empty again", func() bool { return b.Field("Another place").Value() == "" })
	}
	b.Button("Move YouTube, 2 of 2").See()
	b.Button("Move YouTube, 2 of 2").Drag(b.Button("Move Instagram, 1 of 2"))
	b.Button("Move YouTube, 1 of 2").See()
	b.Field("Address at Instagram").Paste("https://instagram.com/maud.teller")
	saved(b)
	b.Button("Publish*").Click()
	b.Button("Nothing to publish").See()

	// The row goes to the foot by itself, in the preview at once.
	atFoot := func() bool { return inOrder(preview(b), "Two records.", "Instagram") }
	if atFoot() {
		t.Error("the row stands at the foot before anybody put it there")
	}
	b.Find("radio", "At the foot of the page").Click()
	b.Until("the row at the foot", atFoot)
	b.Button("Undo*Moved the icons to the foot").Click()
	b.Until("the row at the top", func() bool { return !atFoot() })

	page := public(t, p, "maudteller")
	if !inOrder(page, "YouTube", "Instagram", "Listen", "Two records.", "One &lt;b&gt;more&lt;/b&gt; comes.") {
		t.Error("the page is not what was made")
	}
	b.Button("Take out*YouTube").Click()
	b.Button("Move YouTube*").SeeNot()
	b.Button("Publish*").Click()
	b.Button("Nothing to publish").See()
	f := fan(t, p, true)
	f.Go("/maudteller")
	f.See("Listen", "One <b>more</b> comes.")
	f.Link("YouTube*").SeeNot()
	f.Link("Instagram*").Click()
	f.See("Arrived at https://instagram.com/maud.teller")
}

func TestTheSixthLinkOnFree(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	data := threeLinks()
	data["socials"] = []any{map[string]any{"id": "insta", "network": "instagram", "url": "https://instagram.com/maudteller"}}
	_, id := withProfile(t, p, b, "maud@example.com", "maudteller", data)

	b.See("4 of 5 links")
	b.Link("Link").Click()
	late := b.Another() // a second window that still has room
	late.Go("/dashboard/profiles/" + id + "?add=link")
	b.Field("Address").Paste("tidal.com/album/1")
	b.Button("Add it").Click()
	b.See("Free holds five links, and you have five.", "Artist has no limit")
	b.Until("no further link to be offered", func() bool { return !b.Link("Link").Here() })
	b.Link("Elsewhere*").Click()
	b.See("there is no room for another")

	late.Forgive("status of (403|409)")
	late.Field("Address").Paste("https://www.deezer.com/album/2")
	late.Button("Add it").Click()
	late.See("Free holds five links")
	late.Field("Address").Holds("https://www.deezer.com/album/2")
	late.Link("Leave it").Click()
	late.Button("Add it").SeeNot()
	late.Reload()
	if got := rows(late); len(got) != 4 {
		t.Errorf("after the refusal there are %q", got)
	}
	// What does not lead out has no limit.
	late.Link("Heading").Click()
	late.Field("Heading").Paste("Listen")
	late.Button("Add it").Click()
	late.Until("the heading", func() bool { return len(rows(late)) == 5 })
}
