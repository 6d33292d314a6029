// Package media uploads pictures to the whole program, good and hostile ones.
package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // database/sql's driver

	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/tests/program"
)

// oldTime is before yesterday.
var oldTime = time.Now().Add(-49 * time.Hour)

// desk is a program with one artist.
type desk struct {
	*program.Program
	t       *testing.T
	db      *sqlx.DB
	url     string // of the database
	blobs   string // the folder of the pictures
	api     *program.Client
	profile string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, url: testenv.Database(t), blobs: t.TempDir()}
	d.Program = program.Start(t, program.Options{Env: map[string]string{"DATABASE_URL": d.url, "BLOB_URL": "file://" + d.blobs}})
	d.db = sqlx.MustOpen("postgres", d.url)
	t.Cleanup(func() { _ = d.db.Close() })
	d.api = d.Register(t, "vera@example.com")
	d.profile = d.api.Profile("vera")["id"].(string)
	return d
}

// sweep lets go of what rested long enough.
func (d *desk) sweep() {
	d.t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: d.url})
	if err != nil {
		d.t.Fatal(err)
	}
	defer s.Close()
	err = s.System(d.t.Context(), func(tx *store.SystemTx) error { _, err := tx.SweepMedia(d.t.Context()); return err })
	pictures, err2 := media.Open(d.t.Context(), "file://"+d.blobs)
	if err != nil || err2 != nil {
		d.t.Fatal(err, err2)
	}
	defer pictures.Close()
	if _, err := pictures.SweepFiles(d.t.Context(), s); err != nil {
		d.t.Fatal(err)
	}
}

func photo(t *testing.T, w, h int, shade uint8) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range p.Pix {
		p.Pix[i] = shade + uint8(i/4%w/8)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (d *desk) upload(file []byte) program.Answer {
	d.t.Helper()
	return d.api.Do("POST", "/api/profiles/"+d.profile+"/media", program.Upload{File: file, FileName: "me.svg"})
}

func (d *desk) fsck() (string, error) {
	var out bytes.Buffer
	err := d.App.Fsck(context.Background(), &out)
	return out.String(), err
}

func (d *desk) count(query string, args ...any) (n int) {
	d.t.Helper()
	if err := d.db.Get(&n, query, args...); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *desk) files() (n int) {
	d.t.Helper()
	err := filepath.WalkDir(d.blobs, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func TestAPictureFromTheAPIToThePage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.upload(photo(t, 1000, 500, 40))
	if a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	made := a.JSON(t)
	id := made["id"].(string)
	if made["width"] != 1000.0 || made["height"] != 500.0 || made["url"] != d.URL+"/m/"+id+"-1000.webp" || a.Header.Get("Location") != made["url"] {
		t.Errorf("%s, Location %s", a.Body, a.Header.Get("Location"))
	}
	if again := d.upload(photo(t, 1000, 500, 40)).JSON(t)["id"]; again != id {
		t.Errorf("the same picture again is %v, want %s", again, id)
	}
	if _, err := d.fsck(); err != nil {
		t.Error(err)
	}
	saved := d.api.Do("PUT", "/api/profiles/"+d.profile, map[string]any{"version": 1, "profile_data": map[string]any{
		"picture": map[string]any{"media": id, "alt": "Vera on a pier", "focus": "10% 90%"}}})
	if saved.Status != http.StatusOK {
		t.Fatalf("%d %s", saved.Status, saved.Body)
	}
	page := string(d.Client(t).Do("GET", "/vera", nil).Body)
	for _, want := range []string{"/m/" + id + "-480.webp 480w", "/m/" + id + "-960.webp 960w", `<meta property="og:image" content="` + d.URL + "/m/" + id + "-1000.jpg"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for file, kind := range map[string]string{id + "-960.webp": "image/webp", id + "-1000.jpg": "image/jpeg"} {
		got := d.Client(t).Do("GET", "/m/"+file, nil)
		if got.Status != http.StatusOK || got.Header.Get("Content-Type") != kind || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", file, got.Status, got.Header)
		}
	}
}

func TestWhatIsRefusedSaysWhy(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	big := bytes.Repeat([]byte("\xff\xd8\xff\xe0"), 21<<20/4)
	for name, c := range map[string]struct {
		file   []byte
		status int
	}{
		"HTML named as a picture": {[]byte("<html>"), http.StatusUnsupportedMediaType},
		"SVG":                     {[]byte("<svg/>"), http.StatusUnsupportedMediaType},
		"empty":                   {[]byte{}, http.StatusUnprocessableEntity},
		"none":                    {nil, http.StatusUnprocessableEntity},
		"truncated":               {photo(t, 500, 500, 1)[:900], http.StatusUnprocessableEntity},
		"21 MB":                   {big, http.StatusRequestEntityTooLarge},
		"100 MB":                  {bytes.Repeat(big, 5), http.StatusRequestEntityTooLarge},
	} {
		a := d.upload(c.file)
		errors, _ := a.JSON(t)["errors"].(map[string]any)
		if a.Status != c.status || errors["file"] == nil {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if a := d.api.Do("POST", "/api/profiles/"+d.profile+"/media", map[string]any{}); a.Status != http.StatusUnsupportedMediaType {
		t.Errorf("JSON: %d %s", a.Status, a.Body)
	}
	if a := d.api.Do("POST", "/api/profiles/"+d.profile+"/media", program.Upload{Fields: url.Values{"alt": {"x"}}, File: photo(t, 9, 9, 1)}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a field that is none: %d %s", a.Status, a.Body)
	}
	if n := d.files() + d.count(`select count(*) from media_files`); n != 0 {
		t.Errorf("%d files or rows are left of what was refused", n)
	}
}

func TestThePlanHoldsSoManyPictures(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.db.MustExec(`insert into media_files (name) select 'made' || lpad(n::text, 12, '0') || '_1x1' from generate_series(1, 50) n`)
	d.db.MustExec(`insert into media (profile_id, name) select $1, name from media_files`, d.profile)
	a := d.upload(photo(t, 9, 9, 1))
	if a.Status != http.StatusForbidden || a.JSON(t)["limit_name"] != "pictures" || a.JSON(t)["limit"] != 50.0 || a.JSON(t)["lifted_by"] != "artist" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if n := d.files(); n != 0 {
		t.Errorf("%d files were stored all the same", n)
	}
}

// The form of the desk, as a browser without script sends it.
func TestThePortraitByAForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	desk := d.SignIn(t, "vera@example.com")
	path := "/dashboard/profiles/" + d.profile + "/media"
	form := func(version int, file []byte, more ...string) program.Answer {
		fields := url.Values{"version": {fmt.Sprint(version)}}
		for i := 0; i < len(more); i += 2 {
			fields.Set("picture."+more[i], more[i+1])
		}
		return desk.Do("POST", path, program.Upload{Fields: fields, Field: "picture.file", File: file, FileName: "me.png"})
	}
	draft := func() map[string]any {
		p := d.api.Do("GET", "/api/profiles/"+d.profile, nil).JSON(t)
		if p["draft"] == nil {
			return nil
		}
		picture, _ := p["draft"].(map[string]any)["profile_data"].(map[string]any)["picture"].(map[string]any)
		return picture
	}
	if a := form(1, nil, "alt", "nobody"); a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), "Choose a picture first.") {
		t.Errorf("words without a picture: %d", a.Status)
	}
	if a := form(1, photo(t, 600, 700, 9)); a.Status != http.StatusSeeOther {
		t.Fatalf("a file: %d %s", a.Status, a.Body)
	}
	first := draft()
	if first == nil || first["media"] == "" || first["focus"] != nil && first["focus"] != "" {
		t.Fatalf("the draft holds %v", first)
	}
	if a := form(2, nil, "alt", "Vera on a pier", "across", "12", "down", "80"); a.Status != http.StatusSeeOther {
		t.Fatalf("words and focus: %d %s", a.Status, a.Body)
	}
	if got := draft(); got["media"] != first["media"] || got["alt"] != "Vera on a pier" || got["focus"] != "12% 80%" {
		t.Errorf("the draft holds %v", got)
	}
	screen := string(desk.Do("GET", "/dashboard/profiles/"+d.profile+"?tab=who", nil).Body)
	for _, want := range []string{`value="Vera on a pier"`, `name="picture.across"`, `value="12"`, first["media"].(string) + "-480.webp", "1 of 50 pictures"} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen lacks %s", want)
		}
	}
	for what, a := range map[string]program.Answer{
		"HTML": form(3, []byte("<html>")), "a focus outside": form(3, nil, "alt", "kept words", "across", "101", "down", "0"),
	} {
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), `aria-invalid="true"`) {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
	if a := form(2, nil, "alt", "stale"); a.Status != http.StatusConflict {
		t.Errorf("an old version: %d", a.Status)
	}
	if a := desk.Do("POST", path, url.Values{"version": {"3"}, "picture.media": {first["media"].(string)}, "picture.alt": {"x"}, "then": {"out:picture"}}); a.Status != http.StatusSeeOther || draft() != nil {
		t.Errorf("taken out: %d, %v", a.Status, draft())
	}
	if a := desk.Do("POST", "/dashboard/profiles/"+d.profile+"/undo", url.Values{"version": {"4"}}); a.Status != http.StatusSeeOther || draft()["alt"] != "Vera on a pier" {
		t.Errorf("undone: %d, %v", a.Status, draft())
	}
}

func TestWhatNobodyNamesIsSwept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ids := map[string]string{}
	for i, what := range []string{"public", "in the draft", "public once", "unused", "fresh"} {
		ids[what] = d.upload(photo(t, 40+i, 40, 9)).JSON(t)["id"].(string)
	}
	other := d.Register(t, "other@example.com")
	theirs := other.Profile("other")["id"].(string)
	if a := other.Do("POST", "/api/profiles/"+theirs+"/media", program.Upload{File: photo(t, 43, 40, 9)}); a.JSON(t)["id"] != ids["unused"] {
		t.Fatalf("the same picture of another has another name: %s", a.Body)
	}
	save := func(version int, what string, draft bool) {
		a := d.api.Do("PUT", "/api/profiles/"+d.profile, map[string]any{"version": version, "draft": draft,
			"profile_data": map[string]any{"picture": map[string]any{"media": ids[what], "alt": ""}}})
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", what, a.Status, a.Body)
		}
	}
	save(1, "public once", false)
	save(2, "public", false)
	save(3, "in the draft", true)
	d.db.MustExec(`update media set wanted_at = now() - interval '23 hours' where name <> $1`, ids["fresh"])
	d.db.MustExec(`update media_files set touched_at = now() - interval '23 hours'`)
	d.sweep()
	if n := d.count(`select count(*) from media`); n != 4 {
		t.Errorf("%d rows are left, want the four that are wanted", n)
	}
	if n := d.files(); n != 8 {
		t.Errorf("%d files are left, want two of each of four", n)
	}
	if a := d.Client(t).Do("GET", "/m/"+model.MediaFile(ids["unused"], 43), nil); a.Status != http.StatusNotFound {
		t.Errorf("the swept one: %d", a.Status)
	}
	if out, err := d.fsck(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	// What is named was looked at and rests for another day; storing a swept one brings it back.
	if a := d.upload(photo(t, 43, 40, 9)); a.JSON(t)["id"] != ids["unused"] || d.files() != 10 {
		t.Errorf("stored again: %s, %d files", a.Body, d.files())
	}
	d.sweep()
	if n := d.count(`select count(*) from media`); n != 5 {
		t.Errorf("%d rows after another sweep, want 5", n)
	}
}

func TestFsckCountsBothWays(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.upload(photo(t, 40, 40, 9)).JSON(t)["id"].(string)
	if out, err := d.fsck(); err != nil || !strings.HasPrefix(out, "1 pictures; 0 missing files, 0 orphans") {
		t.Errorf("%v: %s", err, out)
	}
	stored := filepath.Join(d.blobs, "m", id[:2], model.MediaJPEG(id, 40))
	stray := strings.Repeat("f", 32) + "_40x40_ffffff"
	folder := filepath.Join(d.blobs, "m", stray[:2])
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(stored, filepath.Join(folder, model.MediaJPEG(stray, 40))); err != nil {
		t.Fatal(err)
	}
	out, err := d.fsck()
	if err == nil || !strings.Contains(out, "missing: "+model.MediaJPEG(id, 40)) || !strings.Contains(out, "1 missing files, 0 orphans") {
		t.Errorf("a young file without a row is no orphan yet: %v: %s", err, out)
	}
	old := filepath.Join(folder, model.MediaJPEG(stray, 40))
	if err := os.Chtimes(old, oldTime, oldTime); err != nil {
		t.Fatal(err)
	}
	if out, err = d.fsck(); err == nil || !strings.Contains(out, "orphan: "+stray) {
		t.Errorf("%v: %s", err, out)
	}
	// The jobs mend what can be mended: it is adopted, then swept.
	s, err := store.Open(store.Options{DatabaseURL: d.url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pictures, err := media.Open(t.Context(), "file://"+d.blobs)
	if err != nil {
		t.Fatal(err)
	}
	defer pictures.Close()
	if n, err := pictures.AdoptFiles(t.Context(), s); err != nil || n != 1 {
		t.Errorf("%d adopted, %v", n, err)
	}
	if n, err := pictures.SweepFiles(t.Context(), s); err != nil || n != 1 {
		t.Errorf("%d swept, %v", n, err)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the orphan is still there: %v", err)
	}
	if a := d.upload(photo(t, 40, 40, 9)); a.Status != http.StatusCreated {
		t.Errorf("uploading it again mends what is missing: %d", a.Status)
	}
	if out, err := d.fsck(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestTwentyAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	answers := make(chan program.Answer, 20)
	for i := range 20 {
		go func() {
			c := *d.api
			answers <- c.Do("POST", "/api/profiles/"+d.profile+"/media", program.Upload{File: photo(t, 100+i, 100, 9), FileName: "x"})
		}()
	}
	for range 20 {
		if a := <-answers; a.Status != http.StatusCreated {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if n := d.count(`select count(*) from media`); n != 20 {
		t.Errorf("%d rows", n)
	}
	if _, err := d.fsck(); err != nil {
		t.Error(err)
	}
}
