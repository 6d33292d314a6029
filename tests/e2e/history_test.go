package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/tests/program"
)

// setTime puts a day and a time into a field, as its picker does.
func setTime(b *browser.Tab, id string, at time.Time) {
	b.T.Helper()
	b.Must(`(() => {
	  const field = document.getElementById('`+id+`');
	  field.value = '`+at.Format("2006-01-02T15:04")+`';
	  field.dispatchEvent(new Event('input', {bubbles: true}));
	})()`, nil)
}

// TestHistoryAndSchedule publishes, goes back, publishes by itself, and schedules a block: what the editor says is what
// fans see.
func TestHistoryAndSchedule(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	owner, id := withProfile(t, p, b, "maud@example.com", "maudteller", threeLinks())
	publish := func() {
		b.Button("Publish 1 change").Click()
		b.Button("Nothing to publish").See()
	}

	// A second version, and back to the first: it is the draft, and Undo and Redo know of it.
	b.Link("Slow Harbour*").Click()
	b.Field("Title").Paste("Slow Harbour, out now")
	saved(b)
	b.Button("Done").Click()
	publish()
	b.Link("History*").Click()
	b.See("1 link changed (title)", "First publish", "Public now", "By you")
	versions := owner.Do("GET", "/api/profiles/"+id+"/versions", nil).JSON(t)["data"].([]any)
	if len(versions) != 2 || versions[0].(map[string]any)["summary"] != "1 link changed (title)" || versions[0].(map[string]any)["present"] != true {
		t.Fatalf("the API lists %v", versions)
	}
	b.Link("Look*").Click()
	b.See("You look at the page of")
	b.Link("Back to the draft").Click()
	b.Must(`document.querySelector('#versions li:last-child [data-dialog]').click()`, nil)
	b.Button("Go back").Click()
	b.Button("Publish 1 change").See()
	order(b, "Slow Harbour Spotify", "Night Bus", "On vinyl")
	b.Button("Undo*Went back*").Click()
	b.Button("Nothing to publish").See()
	b.Button("Redo*Went back*").Click()
	b.Button("Publish 1 change").See()
	if !strings.Contains(public(t, p, "maudteller"), "out now") {
		t.Error("going back was public before it was published")
	}

	// It goes public by itself.
	at := time.Now().UTC().Add(2 * time.Second)
	a := owner.Do("POST", "/api/profiles/"+id+"/schedule", map[string]any{"version": owner.Do("GET", "/api/profiles/"+id, nil).JSON(t)["version"], "publish_at": at.Format(time.RFC3339Nano)})
	if a.Status != 200 {
		t.Fatalf("scheduling: %d %s", a.Status, a.Body)
	}
	b.Reload()
	b.Until("it to be public by itself", func() bool { return !strings.Contains(public(t, p, "maudteller"), "out now") })
	b.Reload()
	b.Button("Nothing to publish").See()
	b.Link("History*").Click()
	b.See("By itself, as you set")

	// On the screen: set, called off by a change, set again, cancelled.
	b.Link("Blocks*").Click()
	b.Switch("Show On vinyl").Click()
	b.Button("Publish 1 change").See()
	b.Button("Later*").Click()
	setTime(b, "later-local", time.Now().UTC().Add(48*time.Hour))
	b.Button("Set it").Click()
	b.See("Goes public by itself on")
	b.Switch("Show Night Bus*").Click()
	b.See("is called off,")
	b.Button("Set it again").Click()
	b.See("Goes public by itself on")
	b.Button("Call it off").Click()
	b.Button("Call it off").SeeNot()
	b.Button("Publish 2 changes").Click()
	b.Button("Nothing to publish").See()

	// A block with a window: the badge is what fans see.
	b.Link("Slow Harbour*").Click()
	b.Button("Done").See()
	b.Must(`document.querySelector('.window').open = true`, nil)
	setTime(b, "record-starts_local", time.Now().UTC().Add(24*time.Hour))
	saved(b)
	b.See("Then from")
	b.Button("Done").Click()
	publish()
	b.See("Next by itself: “Slow Harbour” appears on")
	if strings.Contains(public(t, p, "maudteller"), "Slow Harbour") {
		t.Error("what is scheduled is public")
	}

	// What is deleted and published can be put back.
	b.Link("On vinyl*").Click()
	b.Button("Delete").Click()
	b.Button("Publish 1 change").Click()
	b.Button("Nothing to publish").See()
	b.Link("History*").Click()
	b.Button("Put back*On vinyl").Click()
	order(b, "Slow Harbour", "Night Bus", "On vinyl")

	// A changed handle keeps the old address.
	b.Link("Who*").Click()
	b.Field("Handle").Paste("maud")
	b.Button("Save address").Click()
	b.See("It holds from now on")
	if a := p.Client(t).Do("GET", "/maudteller?from=poster", nil); a.Status != 301 || a.Header.Get("Location") != "/maud?from=poster" {
		t.Errorf("the old address answers %d to %q", a.Status, a.Header.Get("Location"))
	}
}
