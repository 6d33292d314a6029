package artist_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

// A look of one's own, from the form to the page, and back.
func TestLookFromFormToPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	id := ines.makes(1).ID
	editor := "/dashboard/profiles/" + id
	save := func(form url.Values) string {
		t.Helper()
		form.Set("version", version(ines.now(id)))
		return ines.see(ines.post(editor+"/look", form).must(303).Header().Get("Location")).must(200).Body.String()
	}
	own := func(more ...string) url.Values {
		form := url.Values{"colours": {"own"}, "ground": {"#101820"}, "ink": {"#f2ede4"}, "accent": {"#f2aa4c"}}
		for i := 0; i < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return form
	}
	theme := func() string { return fmt.Sprint(ines.now(id).Draft.ProfileData.Theme) }

	mustHold(t, save(own("name_font", "unbounded", "text_font", "space-grotesk", "buttons", "soft")), `value="#101820"`, "Easy to read.", "Back to Plain as it is")
	const want = "map[buttons:soft colours:map[accent:#f2aa4c ground:#101820 ink:#f2ede4] name:plain name_font:unbounded text_font:space-grotesk]"
	if got := theme(); got != want {
		t.Errorf("saved %s", got)
	}
	preview := ines.see(editor + "/preview").must(200).Body.String()
	mustHold(t, preview, "--own-ground:#101820", "fonts/choice/unbounded", "--shape:.75rem", `class="t-plain own shaped"`)

	// Text that nobody could read is mended, and that is said.
	page := save(own("ink", "#25303a"))
	mustHold(t, page, "Text in #25303a would have had a contrast of 1.3:1, hard to read.", "Easy to read.")
	if got := theme(); strings.Contains(got, "#25303a") {
		t.Errorf("unreadable text was saved: %s", got)
	}
	mustHold(t, save(url.Values{"palette": {"#e6f1fb,#0c2340,#0a66c2"}}), `value="#e6f1fb"`)

	// The theme changes under it, and it stays.
	ines.post(editor+"/theme", url.Values{"theme": {"riso"}, "version": {version(ines.now(id))}}).must(303)
	if got := theme(); got != "map[colours:map[accent:#0a66c2 ground:#e6f1fb ink:#0c2340] name:riso]" {
		t.Errorf("with another theme: %s", got)
	}
	save(url.Values{"reset": {"true"}})
	if got := theme(); got != "map[name:riso]" {
		t.Errorf("taken back: %s", got)
	}
	// One step back is all of it again.
	ines.post(editor+"/undo", url.Values{"version": {version(ines.now(id))}}).must(303)
	if got := theme(); !strings.Contains(got, "#e6f1fb") {
		t.Errorf("undone: %s", got)
	}
}

func TestLookThatIsWrong(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	id := ines.makes(1).ID
	for _, c := range []struct{ field, value, says string }{
		{"ground", "white", "Give a colour as # and six digits"},
		{"accent", "", "Give a colour as # and six digits"},
		{"ink", "#ff00zz", "Give a colour as # and six digits"},
		{"name_font", "comic-sans", "There is no such font for this."},
		{"text_font", "anton", "There is no such font for this."},
		{"buttons", "blob", "Buttons are square, soft or round."},
		{"palette", "#fff", "Choose one of the palettes."},
		{"colours", "mine", "Colours are the theme"},
	} {
		form := url.Values{"colours": {"own"}, "ground": {"#101820"}, "ink": {"#f2ede4"}, "accent": {"#f2aa4c"}, "version": {version(ines.now(id))}}
		form.Set(c.field, c.value)
		body := ines.post("/dashboard/profiles/"+id+"/look", form).must(422).Body.String()
		mustHold(t, body, c.says)
		if c.field == "ground" || c.field == "ink" { // what was typed beside it stays
			mustHold(t, body, "#f2aa4c")
		}
		if ines.now(id).Draft != nil {
			t.Fatalf("%s %q was saved", c.field, c.value)
		}
	}
}

// A plan without a look of one's own says which has it, and no door lets one in.
func TestLookIsThePaying(t *testing.T) {
	t.Parallel()
	h := open(t)
	free := h.person(plans.Free)
	p := free.makes(1)
	page := free.see("/dashboard/profiles/" + p.ID + "?tab=sleeve").must(200).Body.String()
	mustHold(t, page, "come with Artist.", "See what it costs")
	if strings.Contains(page, `type="color"`) {
		t.Error("colours are offered that cannot be saved")
	}
	free.post("/dashboard/profiles/"+p.ID+"/look", url.Values{"buttons": {"soft"}, "version": {version(p)}}).must(403)
	refused := free.api(http.MethodPut, "/api/profiles/"+p.ID, fmt.Sprintf(`{"version":%s,"profile_data":{"theme":{"name":"riso","buttons":"soft"}}}`, version(p))).must(403).Body.String()
	mustHold(t, refused, `"own_look"`, `"artist"`)

	paying := h.person(plans.Artist)
	p = paying.makes(1)
	low := `{"version":%s,"profile_data":{"theme":{"name":"riso","colours":{"ground":"#fff","ink":"#eee","accent":"#f00"}}}}`
	body := paying.api(http.MethodPut, "/api/profiles/"+p.ID, fmt.Sprintf(low, version(p))).must(422).Body.String()
	mustHold(t, body, "profile_data.theme.colours.ink", "would do")
}
