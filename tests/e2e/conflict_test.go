package e2e

import (
	"strings"
	"testing"

	"github.com/hlpfl/platform/tests/program"
)

// TestTwoTabs saves the same thing from two windows: the second sees both and loses nothing.
func TestTwoTabs(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	first := artist(t, p)
	_, id := withProfile(t, p, first, "maud@example.com", "maudteller", threeLinks())
	second := first.Another()
	second.Forgive("status of 409")
	second.Go("/dashboard/profiles/" + id)
	second.Link("Slow Harbour*").Click()
	second.Field("Title").See()

	first.Link("Slow Harbour*").Click()
	first.Field("Title").Paste("Slow Harbour, from the first window")
	saved(first)

	second.Field("Title").Paste("Slow Harbour, from the second")
	second.See("Somebody else saved first.", "Slow Harbour, from the first window")
	second.Field("Title, yours").Holds("Slow Harbour, from the second")
	first.Reload()
	first.Field("Title").Holds("Slow Harbour, from the first window")
	second.Field("Title, yours").Paste("Slow Harbour, from both windows")
	second.Button("Save mine").Click()
	order(second, "Slow Harbour, from both windows", "Night Bus", "On vinyl")
	first.Reload()
	first.Field("Title").Holds("Slow Harbour, from both windows")

	// The other answer: theirs stays, and is what the form then holds.
	second.Go("/dashboard/profiles/" + id + "?tab=who")
	first.Go("/dashboard/profiles/" + id + "?tab=who")
	first.Field("Bio").Paste("Of the first window.")
	saved(first)
	second.Field("Bio").Paste("Of the second window.")
	second.See("Somebody else saved first.", "Of the first window.")
	second.Field("Bio, yours").Holds("Of the second window.")
	second.Link("Leave theirs").Click()
	second.Field("Bio").Holds("Of the first window.")

	// Where more than one thing differs, each is chosen by itself.
	second.Go("/dashboard/profiles/" + id + "?tab=who")
	first.Field("Name").Paste("Maud of the first")
	saved(first)
	first.Field("Bio").Paste("Of the first window, again.")
	saved(first)
	second.Field("Name").Paste("Maud of the second")
	second.See("Somebody else saved first.", "Maud of the first", "Of the first window, again.")
	second.Find("checkbox", "Take theirs*Bio").Click()
	second.Button("Save mine, and theirs where ticked").Click()
	second.Field("Name").Holds("Maud of the second")
	second.Field("Bio").Holds("Of the first window, again.")

	// What was deleted meanwhile can be put back as it was written here.
	second.Go("/dashboard/profiles/" + id)
	second.Link("Night Bus*").Click()
	second.Field("Title").See()
	first.Go("/dashboard/profiles/" + id)
	first.Link("Night Bus*").Click()
	first.Button("Delete").Click()
	first.Button("Put back*Night Bus*").See()
	second.Field("Title").Paste("Night Bus, remastered")
	second.See("was deleted", "can be put back")
	second.Field("Title, yours").Holds("Night Bus, remastered")
	second.Button("Put mine back").Click()
	second.Until("the link to be back", func() bool { return strings.Contains(strings.Join(rows(second), "\n"), "Night Bus, remastered") })

	// An act on an old screen is not done; the screen shows how things stand.
	first.Forgive("status of 409")
	first.Switch("Show On vinyl").Click()
	first.See("This page was changed elsewhere since you opened it.", "Night Bus, remastered")
	if first.Switch("Show On vinyl").Is("checked") != "true" {
		t.Error("an old screen's switch has acted")
	}
	first.Switch("Show On vinyl").Click()
	first.Until("the switch to be off", func() bool { return first.Switch("Show On vinyl").Is("checked") == "false" })
}

func TestTwoWindowsWithoutScripts(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	first := plainArtist(t, p)
	_, id := withProfile(t, p, first, "maud@example.com", "maudteller", threeLinks())
	second := first.Another()
	second.Forgive("status of 409")
	second.Go("/dashboard/profiles/" + id + "?tab=who")
	first.Go("/dashboard/profiles/" + id + "?tab=who")
	first.Field("Name").Paste("Maud of the first")
	first.Button("Save").Click()
	first.Button("Publish 1 change").See()
	second.Field("Name").Paste("Maud of the second")
	second.Button("Save").Click()
	second.See("Somebody else saved first.", "Maud of the first")
	second.Field("Name, yours").Holds("Maud of the second")
	second.Button("Save mine").Click()
	second.Field("Name").Holds("Maud of the second")
}
