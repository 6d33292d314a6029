package artist_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

// drawn is a picture of a shade.
func drawn(t *testing.T, w, h int, shade uint8) []byte {
	t.Helper()
	p := image.NewGray(image.Rect(0, 0, w, h))
	for i := range p.Pix {
		p.Pix[i] = shade + uint8(i%w/4)
	}
	p.SetGray(0, 0, color.Gray{Y: shade})
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sends posts a form with files as a browser without script does: names and files in turn.
func (p *person) sends(path string, form url.Values, files ...any) answer {
	p.h.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				p.h.Fatal(err)
			}
		}
	}
	for i := 0; i+1 < len(files); i += 2 {
		field := files[i].(string)
		part, err := w.CreateFormFile(field, fmt.Sprintf("file-%d.png", i/2))
		if err == nil {
			_, err = part.Write(files[i+1].([]byte))
		}
		if err != nil {
			p.h.Fatal(err)
		}
	}
	// An empty field of a file, as browsers send it beside the others.
	var err error
	if form != nil && (len(files) == 0 || files[0] != "file") {
		_, err = w.CreatePart(map[string][]string{"Content-Disposition": {`form-data; name="cover.file"; filename=""`}, "Content-Type": {"application/octet-stream"}})
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		p.h.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Cookie", p.cookie)
	return p.do(r)
}

// drafted are the blocks of the draft, as JSON has them.
func drafted(t *testing.T, p *person, id string) (blocks []map[string]any) {
	t.Helper()
	var got struct {
		Draft struct {
			Data struct{ Blocks []map[string]any } `json:"profile_data"`
		}
	}
	if err := json.Unmarshal(p.api("GET", "/api/profiles/"+id, nil).must(200).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	return got.Draft.Data.Blocks
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z]+(?:\[[0-9]+\])?\.media)" value="([^"]+)"`)

// named are the pictures that a page's forms name, by their fields.
func named(page string) map[string]string {
	out := map[string]string{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// A cover comes with the form of a new release, is cropped, put back and taken out, and all that was typed stays.
func TestAPictureInAFormWithoutScript(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(0)
	path := "/dashboard/profiles/" + p.ID
	typed := func(more ...string) url.Values {
		form := url.Values{"version": {version(ines.now(p.ID))}, "type": {"release"}, "title": {"Slow <Harbour>"}, "note": {"kept note"}, "services": {""}, "services[0].url": {"https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC"}}
		for i := 0; i+1 < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return form
	}
	again := func(a answer, status int, wants ...string) string {
		t.Helper()
		page := html.UnescapeString(a.must(status).Body.String())
		mustHold(t, page, append(wants, "Slow <Harbour>", "kept note", "https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC")...)
		return page
	}
	// What is no picture stands beside the field; nothing is added, and nothing typed is lost.
	again(ines.sends(path+"/blocks", typed(), "cover.file", []byte("<svg>")), 422, "This is no picture we can read.", `aria-invalid="true"`)
	again(ines.sends(path+"/blocks", typed(), "cover.file", bytes.Repeat([]byte("x"), 20<<20+1)), 422, "larger than 20 MB")
	// To be seen first.
	page := again(ines.sends(path+"/blocks", typed("then", "show:cover"), "cover.file", drawn(t, 400, 300, 1)), 422, "What is to be seen", "-400.webp", "The whole picture has 400 × 300.")
	whole := named(page)["cover.media"]
	if strings.Contains(page, `aria-invalid="true"`) || whole == "" || len(drafted(t, ines, p.ID)) != 0 {
		t.Errorf("to see a cover gave %q and %v", whole, drafted(t, ines, p.ID))
	}
	// A wrong crop is told by its number; a right one is another picture, and its focus goes along.
	have := []string{"cover.media", whole, "cover.alt", "Fog & boats", "cover.across", "50", "cover.down", "50", "cover.crop_left", "100", "cover.crop_top", "0"}
	again(ines.sends(path+"/blocks", typed(append(have, "cover.crop_width", "301", "then", "crop:cover")...)), 422, "From there the picture has 300 more pixels", "Fog & boats", `value="301"`)
	again(ines.sends(path+"/blocks", typed(append(have, "cover.crop_width", "wide", "then", "crop:cover")...)), 422, "Give a whole number of pixels.", `value="wide"`)
	again(ines.sends(path+"/blocks", typed(append(have, "cover.across", "200", "then", "crop:cover")...)), 422, "Give a whole number from 0 to 100.", `value="200"`)
	page = again(ines.sends(path+"/blocks", typed(append(have, "cover.crop_width", "300", "then", "crop:cover")...)), 422, "Undo crop", "Fog & boats", "_300x300")
	cut := named(page)["cover.media"]
	mustHold(t, page, `name="cover.across"`, `value="33"`)
	have = []string{"cover.media", cut, "cover.alt", "Fog & boats", "cover.across", "33", "cover.down", "50"}
	// It is added with the block, once.
	ines.sends(path+"/blocks", typed(have...)).must(303)
	blocks := drafted(t, ines, p.ID)
	cover := func() map[string]any { c, _ := drafted(t, ines, p.ID)[0]["cover"].(map[string]any); return c }
	if c := cover(); len(blocks) != 1 || c["media"] != cut || c["alt"] != "Fog & boats" || c["focus"] != "33% 50%" || len(c) != 3 {
		t.Fatalf("added are %v", blocks)
	}
	one := path + "/blocks/" + blocks[0]["id"].(string)
	// It stays open on its own page: the crop is cut anew out of the whole one, put back, taken out.
	ines.sends(one, typed(append(have, "type", "release", "cover.crop_left", "0", "cover.crop_top", "0", "cover.crop_width", "200", "then", "crop:cover")...)).must(303)
	smaller := cover()["media"].(string)
	if smaller == cut || !strings.Contains(smaller, "_200x200") {
		t.Errorf("cut anew it is %s", smaller)
	}
	ines.sends(one, typed("cover.media", smaller, "cover.alt", "Fog & boats", "cover.across", "", "cover.down", "", "then", "uncrop:cover")).must(303)
	if c := cover(); c["media"] != whole || c["alt"] != "Fog & boats" || c["focus"] != nil {
		t.Errorf("put back it is %v", c)
	}
	ines.sends(one, typed("cover.media", whole, "then", "pick:cover:"+smaller)).must(303)
	if c := cover(); c["media"] != smaller {
		t.Errorf("taken from those that are stored it is %v", c)
	}
	// A file that is refused leaves the one that is there.
	again(ines.sends(one, typed("cover.media", smaller, "then", "done"), "cover.file", []byte("GIF89a")), 422, "damaged", "_200x200")
	if c := cover(); c["media"] != smaller {
		t.Errorf("a refused file made it %v", c)
	}
	ines.sends(one, typed("cover.media", smaller, "cover.alt", "x", "then", "out:cover")).must(303)
	if c := cover(); c != nil {
		t.Errorf("taken out it is %v", c)
	}
	// Somebody else's picture is none.
	mara := h.person(plans.Artist)
	q := mara.makes(0)
	theirs := url.Values{"version": {"1"}, "type": {"image"}, "picture.media": {whole}, "picture.crop_left": {"0"}, "picture.crop_top": {"0"}, "picture.crop_width": {"100"}, "picture.crop_height": {"100"}}
	theirs.Set("then", "crop:picture")
	mustHold(t, mara.sends("/dashboard/profiles/"+q.ID+"/blocks", theirs).must(422).Body.String(), "This picture is gone.")
	mara.sends(one, typed("then", "done"), "cover.file", drawn(t, 100, 100, 1)).must(404)
	mara.sends(path+"/blocks", typed(), "cover.file", drawn(t, 100, 100, 1)).must(404)
}

// Many files at once: those that are pictures are in the gallery, in their order, the others are told by their names.
func TestAGalleryOfManyFiles(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(0)
	path := "/dashboard/profiles/" + p.ID
	var files []any
	for i := range 10 {
		files = append(files, "pictures.file", drawn(t, 100+i, 90, uint8(i)))
	}
	files[9] = []byte("<html>")
	form := url.Values{"version": {"1"}, "type": {"gallery"}, "title": {"kept title"}, "pictures": {""}, "then": {"show:pictures"}}
	page := ines.sends(path+"/blocks", form, files...).must(422).Body.String()
	mustHold(t, page, "kept title", "file-4.png:", "This is no picture we can read.")
	names := named(page)
	widths := func(names map[string]string) (all []string) {
		for i := range len(names) {
			_, size, _ := strings.Cut(names[fmt.Sprintf("pictures[%d].media", i)], "_")
			w, _, _ := strings.Cut(size, "x")
			all = append(all, w)
		}
		return all
	}
	if got := fmt.Sprint(widths(names)); got != "[100 101 102 103 105 106 107 108 109]" {
		t.Fatalf("the gallery holds %s", got)
	}
	put := func(then string) {
		form = url.Values{"version": {version(ines.now(p.ID))}, "type": {"gallery"}, "title": {"kept title"}, "pictures": {""}, "then": {then}}
		for name, media := range names {
			form.Set(name, media)
			form.Set(strings.TrimSuffix(name, "media")+"alt", "words of "+media)
			_, size, _ := strings.Cut(media, "_1")
			form.Set(strings.TrimSuffix(name, "media")+"across", size[:2])
			form.Set(strings.TrimSuffix(name, "media")+"down", "")
			form.Set(strings.TrimSuffix(name, "media")+"crop_left", "0")
		}
	}
	put("drop:pictures[1]")
	names = named(ines.sends(path+"/blocks", form).must(422).Body.String())
	put("up:pictures[1]")
	names = named(ines.sends(path+"/blocks", form).must(422).Body.String())
	if got := fmt.Sprint(widths(names)); got != "[102 100 103 105 106 107 108 109]" {
		t.Fatalf("moved and dropped it holds %s", got)
	}
	put("pick:pictures:" + names["pictures[7].media"])
	names = named(ines.sends(path+"/blocks", form).must(422).Body.String())
	put("")
	ines.sends(path+"/blocks", form).must(303)
	blocks := drafted(t, ines, p.ID)
	pictures, _ := blocks[0]["pictures"].([]any)
	if len(blocks) != 1 || len(pictures) != 9 {
		t.Fatalf("added are %v", blocks)
	}
	for i, one := range pictures {
		one := one.(map[string]any)
		if one["media"] != names[fmt.Sprintf("pictures[%d].media", i)] || one["alt"] != "words of "+one["media"].(string) || one["focus"] != strings.TrimPrefix(one["media"].(string)[34:36], "0")+"% 50%" {
			t.Errorf("picture %d is %v", i, one)
		}
	}
	// More than a form takes at once.
	files = nil
	for range 25 {
		files = append(files, "pictures.file", []byte("x"))
	}
	ines.sends(path+"/blocks", form, files...).must(413)
}

// The script sends one file by itself, and hears in words what became of it.
func TestAFileByItself(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(0)
	path := "/dashboard/profiles/" + p.ID + "/media/upload"
	page := ines.sends(path, nil, "file", drawn(t, 120, 90, 1)).must(200).Body.String()
	if !strings.Contains(page, `data-media="`) || !strings.Contains(page, "_120x90") {
		t.Errorf("stored it says %s", page)
	}
	mustHold(t, ines.sends(path, nil, "file", []byte("<html>")).must(415).Body.String(), "data-refused", "This is no picture we can read.")
	mustHold(t, ines.sends(path, nil).must(422).Body.String(), "data-refused", "no file came")
	h.person(plans.Artist).sends(path, nil, "file", drawn(t, 120, 90, 1)).must(404)
	if n := ines.now(p.ID); n.Version != 1 || n.Draft != nil {
		t.Errorf("a file alone changed the page: %s", n.raw)
	}
}

// The portrait is the same field in a form of its own.
func TestThePortraitIsCropped(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(0)
	path := "/dashboard/profiles/" + p.ID + "/media"
	picture := func() map[string]any {
		var got struct {
			Draft struct {
				Data struct{ Picture map[string]any } `json:"profile_data"`
			}
		}
		if err := json.Unmarshal(ines.now(p.ID).raw, &got); err != nil {
			t.Fatal(err)
		}
		return got.Draft.Data.Picture
	}
	send := func(then string, more ...string) url.Values {
		form := url.Values{"version": {version(ines.now(p.ID))}, "then": {then}}
		for i := 0; i+1 < len(more); i += 2 {
			form.Set("picture."+more[i], more[i+1])
		}
		return form
	}
	ines.sends(path, send("", "media", "", "alt", "Ines on a pier"), "picture.file", drawn(t, 400, 300, 1)).must(303)
	whole := picture()["media"].(string)
	if picture()["alt"] != "Ines on a pier" {
		t.Errorf("with its words it is %v", picture())
	}
	ines.sends(path, send("crop:picture", "media", whole, "alt", "x", "crop_left", "10", "crop_top", "10", "crop_width", "200", "crop_height", "100")).must(303)
	cut := picture()["media"].(string)
	if !strings.Contains(cut, "_200x100") {
		t.Errorf("cropped it is %v", picture())
	}
	screen := ines.see("/dashboard/profiles/" + p.ID + "?tab=who").must(200).Body.String()
	mustHold(t, screen, "Undo crop", "The whole picture has 400 × 300.", `name="picture.crop_width"`)
	ines.sends(path, send("uncrop:picture", "media", cut, "alt", "x")).must(303)
	if picture()["media"] != whole {
		t.Errorf("put back it is %v", picture())
	}
	mustHold(t, ines.sends(path, send("crop:picture", "media", whole, "crop_left", "10")).must(422).Body.String(), "Give a whole number of pixels.", `id="portrait-picture-crop" open`)
}
