package artist_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// Two pictures that the profiles of these tests have.
const oneMedia, otherMedia = "0123456789abcdef_100x200", "fedcba9876543210_300x400"

func pic(media, alt, focus string) string {
	return fmt.Sprintf(`{"media":%q,"alt":%q,"focus":%q}`, media, alt, focus)
}

// twoSides are a block of every type with every field set, twice: with no value that
// is the same. shown are what people read of both.
var twoSides = map[string]struct{ mine, theirs, shown string }{
	"link": {`"title":"Mine title","url":"https://mine.example/","icon":"auto","featured":true,"thumb":` + pic(oneMedia, "Mine alt", "10% 20%"),
		`"title":"Theirs title","url":"https://theirs.example/","thumb":` + pic(otherMedia, "Theirs alt", "30% 40%"),
		"Mine title|https://mine.example/|Icon|Standing out|Mine alt|10% 20%|Theirs title|https://theirs.example/|Theirs alt|30% 40%"},
	"heading": {`"text":"Mine heading"`, `"text":"Theirs heading"`, "Mine heading|Theirs heading"},
	"text":    {`"text":"Mine **text**\n\n- one"`, `"text":"Theirs text"`, "Mine **text**|Theirs text"},
	"image": {`"caption":"Mine caption","picture":` + pic(oneMedia, "Mine alt", "10% 20%"), `"caption":"Theirs caption","picture":` + pic(otherMedia, "Theirs alt", "30% 40%"),
		"Mine caption|Mine alt|10% 20%|Theirs caption|Theirs alt|30% 40%"},
	"gallery": {`"title":"Mine gallery","pictures":[` + pic(oneMedia, "Mine alt", "10% 20%") + `,` + pic(otherMedia, "Mine second", "1% 2%") + `]`,
		`"title":"Theirs gallery","pictures":[` + pic(otherMedia, "Theirs alt", "30% 40%") + `]`,
		"Mine gallery|Mine alt|10% 20%|Mine second|1% 2%|Theirs gallery|Theirs alt|30% 40%"},
	"contact": {`"title":"Mine title","name":"Mine name","organization":"Mine company","role":"Mine role","note":"Mine note","ways":[{"id":"w1","title":"Mine way","url":"mailto:mine@example.com"},{"id":"w2","url":"tel:+441234567890"}]`,
		`"title":"Theirs title","name":"Theirs name","organization":"Theirs company","role":"Theirs role","note":"Theirs note","ways":[{"id":"w1","title":"Theirs way","url":"mailto:theirs@example.com"}]`,
		"Mine title|Mine name|Mine company|Mine role|Mine note|Mine way|mailto:mine@example.com|tel:+441234567890|Theirs title|Theirs name|Theirs company|Theirs role|Theirs note|Theirs way|mailto:theirs@example.com"},
	"faq": {`"title":"Mine title","questions":[{"question":"Mine question","answer":"Mine answer"},{"question":"Mine second","answer":"Mine **other** answer"}]`,
		`"title":"Theirs title","questions":[{"question":"Theirs question","answer":"Theirs answer"}]`,
		"Mine title|Mine question|Mine answer|Mine second|Mine **other** answer|Theirs title|Theirs question|Theirs answer"},
	"divider": {``, ``, "Show from|Until"},
	"merch": {`"title":"Mine shirt","url":"https://mine.example/shirt","price":{"amount":"24.50","currency":"EUR"},"sold_out":true,"picture":` + pic(oneMedia, "Mine alt", "10% 20%"),
		`"title":"Theirs shirt","url":"https://theirs.example/shirt","price":{"text":"Pay what you like"},"picture":` + pic(otherMedia, "Theirs alt", "30% 40%"),
		"Mine shirt|https://mine.example/shirt|24.50|EUR|Sold out|Mine alt|10% 20%|Theirs shirt|https://theirs.example/shirt|Pay what you like|Theirs alt|30% 40%"},
	"embed": {`"title":"Mine film","url":"https://www.youtube.com/watch?v=dQw4w9WgXcQ","picture":` + pic(oneMedia, "Mine alt", "10% 20%"),
		`"title":"Theirs film","url":"https://vimeo.com/76979871","picture":` + pic(otherMedia, "Theirs alt", "30% 40%"),
		"Mine film|dQw4w9WgXcQ|Mine alt|10% 20%|Theirs film|https://vimeo.com/76979871|Theirs alt|30% 40%"},
	"release": {`"title":"Mine record","note":"Mine note","date":"2099-12-04T01:30","zone":"Europe/Lisbon","cover":` + pic(oneMedia, "Mine alt", "10% 20%") +
		`,"services":[{"id":"s1","url":"https://mine.example/1","network":"spotify"},{"id":"s2","url":"https://tidal.com/browse/album/1"}],"pre_saves":[{"id":"s3","url":"https://mine.example/pre"}]`,
		`"title":"Theirs record","note":"Theirs note","date":"2098-11-03T00:00","zone":"Asia/Tokyo","cover":` + pic(otherMedia, "Theirs alt", "30% 40%") +
			`,"services":[{"id":"s1","url":"https://theirs.example/1"}],"pre_saves":[{"id":"s3","url":"https://theirs.example/pre"}]`,
		"Mine record|Mine note|4 Dec 2099, 01:30|Europe/Lisbon|Mine alt|10% 20%|https://mine.example/1|Spotify|https://tidal.com/browse/album/1|https://mine.example/pre|" +
			"Theirs record|Theirs note|3 Nov 2098, 00:00|Asia/Tokyo|Theirs alt|30% 40%|https://theirs.example/1|https://theirs.example/pre"},
	"tour": {`"title":"Mine tour","dates":[{"id":"d1","city":"Lisbon","venue":"Mine venue","starts":"2099-12-12T21:00","zone":"Europe/Lisbon","status":"sold_out","on_sale_at":"2099-12-01T10:00:00Z",` +
		`"tickets":[{"id":"t1","kind":"presale","url":"https://mine.example/presale"},{"id":"t2","kind":"vip","url":"https://mine.example/vip"}]},{"id":"d2","city":"Porto","venue":"","starts":"2099-12-13T20:30","zone":"Europe/Lisbon","status":"on","tickets":[]},` +
		`{"id":"d3","city":"Same city","venue":"","starts":"2099-12-15T20:30","zone":"Asia/Tokyo","status":"postponed","tickets":[]}]`,
		`"title":"Theirs tour","dates":[{"id":"d3","city":"Same city","venue":"","starts":"2099-12-15T20:30","zone":"Asia/Tokyo","status":"postponed","tickets":[]},` +
			`{"id":"d1","city":"Madrid","venue":"Theirs venue","starts":"2098-12-12T19:00","zone":"Europe/Madrid","status":"cancelled","tickets":[{"id":"t1","kind":"free","url":"https://theirs.example/free"}]}]`,
		"Mine tour|Lisbon|Mine venue|12 Dec 2099, 21:00|Europe/Lisbon|Sold out|1 Dec 2099, 10:00|Presale|https://mine.example/presale|VIP|https://mine.example/vip|Porto|13 Dec 2099, 20:30|" +
			"Theirs tour|Madrid|Theirs venue|12 Dec 2098, 19:00|Europe/Madrid|Cancelled|Free entry|https://theirs.example/free|1 more stands on both sides."},
}

const (
	mineWindow   = `"starts_at":"2099-01-02T03:04:00Z","ends_at":"2099-05-06T07:08:00Z"`
	theirsWindow = `"starts_at":"2098-01-02T03:04:00Z"`
)

// A conflict shows every field of every type of block from both sides, and none is
// dropped whatever is chosen.
func TestConflictDropsNoField(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Enterprise)
	if all := model.BlockTypes(); len(all) != len(twoSides) {
		t.Fatalf("%d types are tried, there are %d", len(twoSides), len(all))
	}
	for kind, c := range twoSides {
		t.Run(kind, func(t *testing.T) {
			house, person := *h, *ines // whose failures are this type's
			house.T, person.h = t, &house
			h, ines := &house, &person
			w := newConflict(t, h, ines, kind, c.mine, c.theirs)
			// Mine, on top of theirs.
			page := w.post(w.form).must(409).Body.String()
			text := html.UnescapeString(main(page))
			for _, want := range strings.Split(c.shown+"|2 Jan 2099, 03:04|6 May 2099, 08:08|2 Jan 2098, 03:04", "|") {
				if !strings.Contains(text, want) {
					t.Errorf("the page does not show %q: %s", want, text)
				}
			}
			conflict := sentBy(t, page, "conflict-form")
			if ticked := conflict["theirs"]; len(ticked) > 0 {
				t.Errorf("%v is chosen before anybody chose", ticked)
			}
			if a := w.post(conflict); a.Code != 303 {
				t.Fatalf("%v is refused: %v", conflict, wrongs.FindAllString(a.Body.String(), -1))
			}
			if got := w.block(); got != w.mine {
				t.Errorf("with mine it is\n%s\nnot\n%s", got, w.mine)
			}

			// Theirs in all parts: nothing of mine remains.
			w = newConflict(t, h, ines, kind, c.mine, c.theirs)
			conflict = sentBy(t, w.post(w.form).must(409).Body.String(), "conflict-form")
			for _, name := range []string{"title", "url", "text", "name", "role", "organization", "note", "icon", "featured", "thumb", "cover", "picture", "caption", "price",
				"sold_out", "date", "services", "pre_saves", "pictures", "questions", "ways", "dates", "starts_at", "ends_at"} {
				conflict.Add("theirs", name)
			}
			w.post(conflict).must(303)
			if got := w.block(); got != w.theirs {
				t.Errorf("with theirs it is\n%s\nnot\n%s", got, w.theirs)
			}

			// One part of theirs, and the rest of mine.
			w = newConflict(t, h, ines, kind, c.mine, c.theirs)
			conflict = sentBy(t, w.post(w.form).must(409).Body.String(), "conflict-form")
			conflict.Add("theirs", "ends_at")
			w.post(conflict).must(303)
			if got, want := w.block(), strings.Replace(w.mine, `"ends_at":"2099-05-06T07:08:00Z"`, `"ends_at":null`, 1); got != want {
				t.Errorf("with one of theirs it is\n%s\nnot\n%s", got, want)
			}

			// Deleted meanwhile: all of it is put back, under the ids it had.
			w = newConflict(t, h, ines, kind, c.mine, c.theirs)
			now := ines.now(w.id)
			ines.api("DELETE", "/api/profiles/"+w.id+"/blocks/B", map[string]any{"version": now.Version}).must(200)
			page = w.post(w.form).must(409).Body.String()
			gone := sentBy(t, page, "conflict-form")
			if !strings.Contains(page, `action="/dashboard/profiles/`+w.id+`/blocks"`) {
				t.Fatalf("the form does not add it: %s", main(page))
			}
			ines.post("/dashboard/profiles/"+w.id+"/blocks", gone).must(303)
			if got := w.block(); got != w.mine {
				t.Errorf("put back it is\n%s\nnot\n%s", got, w.mine)
			}
		})
	}
}

// The look of a page has its sides too, each part to be chosen by itself.
func TestConflictOfTheLook(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(0)
	path, fonts := "/dashboard/profiles/"+p.ID, model.Fonts()
	post := func(to string, form url.Values) answer { return ines.post(path+to, form) }
	post("/look", url.Values{"version": {"1"}, "colours": {"own"}, "ground": {"#ffffff"}, "ink": {"#111111"}, "accent": {"#cc0000"}, "buttons": {"round"}}).must(303)
	post("/theme", url.Values{"version": {version(ines.now(p.ID))}, "theme": {"tape"}}).must(303)

	page := post("/theme", url.Values{"version": {"1"}, "theme": {"jacket"}}).must(409).Body.String()
	mustHold(t, page, "Theme, yours", "Jacket", "Theme, theirs", "Tape")
	post("/theme", sentBy(t, page, "conflict-form")).must(303)

	page = html.UnescapeString(post("/look", url.Values{"version": {"1"}, "colours": {"own"}, "ground": {"#000000"}, "ink": {"#eeeeee"}, "accent": {"#cc0000"},
		"name_font": {fonts[0].ID}, "buttons": {"square"}}).must(409).Body.String())
	mustHold(t, page, "#000000", "#eeeeee", "#ffffff", "#111111", "Font of the name, yours", fonts[0].Title, "The theme’s own", "square", "round")
	form := sentBy(t, page, "conflict-form")
	form.Add("theirs", "colours")
	post("/look", form).must(303)
	got := ines.api("GET", "/api/profiles/"+p.ID, nil).must(200).Body.String()
	for _, want := range []string{`"name":"jacket"`, `"ground":"#ffffff"`, `"buttons":"square"`, fonts[0].ID} {
		if !strings.Contains(got, want) {
			t.Errorf("it has no %s: %s", want, got)
		}
	}
}

// wrongs are the reasons that stand beside fields, and above all.
var wrongs = regexp.MustCompile(`(?s)<p[^>]* class="error.*?</p>|<div class="notice notice--hot".*?</div>`)

// conflictWorld is a profile with the block B in which theirs is saved while a form
// is open that holds mine.
type conflictWorld struct {
	t            *testing.T
	ines         *person
	id           string
	form         url.Values
	mine, theirs string // the block as JSON
}

var conflicts int

func newConflict(t *testing.T, h *house, ines *person, kind, mine, theirs string) *conflictWorld {
	t.Helper()
	conflicts++
	p := ines.api("POST", "/api/profiles", map[string]any{"handle": fmt.Sprintf("conflict%d", conflicts), "profile_name": "Ines", "time_zone": "Europe/London"}).must(201).profile()
	w := &conflictWorld{t: t, ines: ines, id: p.ID}
	id, err := model.ParseProfileID(p.ID)
	if err != nil {
		t.Fatal(err)
	}
	err = h.store.AsUser(context.Background(), ines.id, func(tx *store.UserTx) error {
		for _, media := range []string{oneMedia, otherMedia} {
			if err := tx.TouchMedia(context.Background(), media, 1); err != nil {
				return err
			}
			if err := tx.AddMedia(context.Background(), id, media); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	save := func(fields, window string) string {
		own := fmt.Sprintf(`{"id":"B","type":%q,%s}`, kind, strings.Trim(fields+","+window, ","))
		p = ines.api("PUT", "/api/profiles/"+p.ID, map[string]any{"version": p.Version, "draft": true, "profile_data": json.RawMessage(`{"blocks":[` + own + `]}`)}).must(200).profile()
		return w.block()
	}
	w.mine = save(mine, mineWindow)
	w.form = sentBy(t, ines.see("/dashboard/profiles/"+p.ID+"?open=B").must(200).Body.String(), "form-B")
	w.theirs = save(theirs, theirsWindow)
	return w
}

func (w *conflictWorld) post(form url.Values) answer {
	w.t.Helper()
	return w.ines.post("/dashboard/profiles/"+w.id+"/blocks/B", form)
}

// block is the block as the API gives it.
func (w *conflictWorld) block() string {
	w.t.Helper()
	var got struct {
		Draft struct {
			Data struct{ Blocks []json.RawMessage } `json:"profile_data"`
		}
	}
	mustJSON(w.t, w.ines.api("GET", "/api/profiles/"+w.id, nil).must(200).Body.Bytes(), &got)
	if len(got.Draft.Data.Blocks) != 1 {
		w.t.Fatalf("there are %d blocks", len(got.Draft.Data.Blocks))
	}
	return string(got.Draft.Data.Blocks[0])
}

// sentBy is what a browser sends of a form of a page, but for its buttons.
func sentBy(t *testing.T, page, id string) url.Values {
	t.Helper()
	doc, err := nethtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	attr := func(n *nethtml.Node, key string) (string, bool) {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val, true
			}
		}
		return "", false
	}
	text := func(n *nethtml.Node) string {
		if n.FirstChild == nil {
			return ""
		}
		return n.FirstChild.Data
	}
	form, found := url.Values{}, false
	var walk func(n *nethtml.Node, inside bool)
	walk = func(n *nethtml.Node, inside bool) {
		if own, _ := attr(n, "id"); n.Data == "form" && own == id {
			inside, found = true, true
		}
		name, _ := attr(n, "name")
		_, off := attr(n, "disabled")
		if inside && name != "" && !off {
			value, hasValue := attr(n, "value")
			kind, _ := attr(n, "type")
			_, checked := attr(n, "checked")
			switch n.Data {
			case "input":
				if kind != "checkbox" && kind != "radio" && kind != "file" {
					form.Add(name, value)
				} else if checked {
					if !hasValue {
						value = "on"
					}
					form.Add(name, value)
				}
			case "textarea":
				form.Add(name, text(n))
			case "select":
				chosen, first := "", true
				for o := range n.Descendants() {
					if o.Data != "option" {
						continue
					}
					v, _ := attr(o, "value")
					if _, is := attr(o, "selected"); is || first {
						chosen, first = v, false
					}
				}
				form.Add(name, chosen)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inside)
		}
	}
	walk(doc, false)
	if !found {
		t.Fatalf("there is no form %q: %s", id, main(page))
	}
	form.Set("then", "done")
	return form
}
