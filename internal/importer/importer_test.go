package importer_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hlpfl/platform/internal/importer"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

func open(t *testing.T) (importer.Importer, *store.Store) {
	t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: testenv.Database(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return importer.Importer{Store: s}, s
}

func take(t *testing.T, i importer.Importer, raw string) importer.Result {
	t.Helper()
	r, err := i.Import(context.Background(), []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func public(t *testing.T, s *store.Store, handle string) (store.PublicProfile, model.Document) {
	t.Helper()
	row, err := s.Public().ByHandle(context.Background(), model.Handle(handle))
	if err != nil {
		t.Fatal(err)
	}
	d, err := model.ReadStored(row.Data)
	if err != nil {
		t.Fatal(err)
	}
	return row, d
}

func TestCreateThenUpdate(t *testing.T) {
	t.Parallel()
	i, s := open(t)
	r := take(t, i, `{"handle":"@InesOkafor","profile_name":"Ines Okafor","owner_email":"Ines@HLPFL.example","plan":"artist","time_zone":"Africa/Lagos",
		"profile_data":{"bio":"Fog.","theme":{"name":"tape"},"socials":[{"url":"instagram.com/ines"}],
		"blocks":[{"id":"one","type":"link","title":"One","url":"https://example.com/1"},{"type":"heading","text":"Press"}]}}`)
	if r.Action != importer.Created || r.Handle != "inesokafor" || r.String() != "created inesokafor" {
		t.Fatalf("%+v", r)
	}
	row, d := public(t, s, "inesokafor")
	if row.Name != "Ines Okafor" || row.Plan != "artist" || d.Bio != "Fog." || d.Theme.Name != "tape" || len(d.Blocks) != 2 || d.Blocks[0].ID != "one" || d.Socials[0].Network != "instagram" {
		t.Errorf("%+v %+v", row, d)
	}
	err := s.System(context.Background(), func(tx *store.SystemTx) error {
		u, err := tx.AnyUserByEmail(context.Background(), "ines@hlpfl.example")
		if err == nil && (u.Plan != "artist" || u.TimeZone != "Africa/Lagos") {
			t.Errorf("owner is %+v", u)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if c, ok, err := s.CredentialsOfAnyUser(context.Background(), "ines@hlpfl.example"); err != nil || !ok || c.PasswordHash != "" {
		t.Errorf("a password: %v %v %v", c, ok, err)
	}
	// What is absent stays.
	r = take(t, i, `{"handle":"inesokafor","owner_email":"ines@hlpfl.example","profile_data":{"bio":"New"}}`)
	if r.Action != importer.Updated || len(r.Notes) != 0 {
		t.Errorf("%+v", r)
	}
	row, d = public(t, s, "inesokafor")
	if row.Name != "Ines Okafor" || d.Bio != "New" || len(d.Blocks) != 0 || row.Plan != "artist" {
		t.Errorf("%+v %+v", row, d)
	}
	r = take(t, i, `{"handle":"inesokafor","owner_email":"ines@hlpfl.example","is_active":false}`)
	if row, err := s.Public().ByHandle(context.Background(), "inesokafor"); err != nil || !row.Off {
		t.Errorf("%+v (%v) after %+v", row, err, r)
	}
	r = take(t, i, `{"handle":"inesokafor","owner_email":"ines@hlpfl.example","is_active":true}`)
	if row, d = public(t, s, "inesokafor"); row.Off || d.Bio != "New" {
		t.Errorf("%+v %+v after %+v", row, d, r)
	}
}

// One bad part does not cost a page, and each is told.
func TestWhatIsWrongIsMendedOrLeftOutAndTold(t *testing.T) {
	t.Parallel()
	i, s := open(t)
	long := strings.Repeat("x", 700)
	r := take(t, i, `{"handle":"mended","profile_name":"`+long+`","owner_email":"m@hlpfl.example","plan":"gold","time_zone":"Mars/Base","surprise":1,"id":"ignored","is_active":"yes","profile_data":{
		"bio":"`+long+`","theme":{"name":"velvet"},"picture":{"media":"x"},"css":"x",
		"socials":[{"url":"javascript:alert(1)"},{"url":"youtu.be/x","network":"nowhere"},7],
		"blocks":[
			{"type":"heading","text":"`+long+`"},
			{"type":"link","title":"Good","url":"HTTPS://Example.com","onclick":"x","text":"not a link's"},
			{"type":"link","url":"https://open.spotify.com/album/1","enabled":"yes","starts_at":"soon","id":"good"},
			{"type":"link","title":"Bad","url":"javascript:alert(1)"},
			{"type":"link","title":"a\u0000b","url":"https://example.com","id":"good"},
			{"type":"text","text":""},
			{"type":"quiz"},
			null,
			{"type":"text","text":"`+strings.Repeat("y", 3000)+`","ends_at":"2030-01-01T00:00:00Z","starts_at":"2031-01-01T00:00:00Z"}]}}`)
	if r.Action != importer.Created {
		t.Fatalf("%+v", r)
	}
	notes := strings.Join(r.Notes, "\n")
	for _, want := range []string{
		"profile_name shortened to 80", "plan left out", "time_zone left out", `"surprise" left out`, "is_active left out", "bio shortened to 600", "theme left out", "picture left out", `"css" left out`,
		"social 1 left out: javascript: is not allowed", "social 2: network left out", "social 3 left out",
		"heading 1: shortened", `link 1: "onclick" left out`, `link 1: "text" left out`, "link 2: called “Listen on Spotify”", "link 2: enabled left out", "link 2: starts_at left out",
		"link 3 left out: javascript: is not allowed", "link 4: called “example.com”", "link 4: id given anew",
		"text 1 left out", "block 7 left out: There is no such block", "block 8 left out", "text 2: shortened to 2000", "text 2: ends_at left out", "made an account",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("not told: %q\nin\n%s", want, notes)
		}
	}
	_, d := public(t, s, "mended")
	var kinds []string
	for _, b := range d.Blocks {
		kinds = append(kinds, b.Body.Type())
	}
	if !slices.Equal(kinds, []string{"heading", "link", "link", "link", "text"}) || len(d.Socials) != 1 || d.Socials[0].Network != "youtube" || d.Theme.Name != "plain" || len(d.Bio) != 600 {
		t.Errorf("%v %+v", kinds, d)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	i, s := open(t)
	take(t, i, `{"handle":"taken","profile_name":"T","owner_email":"first@hlpfl.example"}`)
	for raw, want := range map[string]string{
		``:           "JSON",
		`[]`:         "JSON",
		`null`:       "JSON",
		`{"handle":`: "JSON",
		`{}`:         "handle:",
		`{"handle":"login","owner_email":"a@hlpfl.example"}`:                                               "kept for HLPFL",
		`{"handle":5,"owner_email":"a@hlpfl.example"}`:                                                     "handle:",
		`{"handle":"free.one"}`:                                                                            "owner_email:",
		`{"handle":"free.one","owner_email":"nobody"}`:                                                     "owner_email:",
		`{"handle":"taken","owner_email":"other@hlpfl.example"}`:                                           "another user",
		`{"handle":"second","owner_email":"first@hlpfl.example"}`:                                          "holds 1 profile",
		`{"handle":"` + strings.Repeat("x", importer.MaxFile) + `"}`:                                       "MB",
		`{"handle":"deep","profile_data":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`: "JSON",
	} {
		r := take(t, i, raw)
		if r.Action != importer.Refused || !strings.Contains(r.Reason, want) {
			t.Errorf("%.80s: %.200v", raw, r)
		}
	}
	// Refused means whole: the other owner was not made either.
	if _, ok, err := s.CredentialsOfAnyUser(context.Background(), "other@hlpfl.example"); ok || err != nil {
		t.Errorf("an account was made: %v %v", ok, err)
	}
	if _, err := s.Public().ByHandle(context.Background(), "second"); model.KindOf(err) != model.KindNotFound {
		t.Errorf("a profile was made: %v", err)
	}
}

func TestLimitsHold(t *testing.T) {
	t.Parallel()
	i, s := open(t)
	links := func(n int) string {
		var list []string
		for k := range n {
			list = append(list, fmt.Sprintf(`{"type":"link","title":"%d","url":"https://example.com/%d"}`, k, k))
		}
		return strings.Join(list, ",")
	}
	file := func(handle, plan string, n int) string {
		return fmt.Sprintf(`{"handle":%q,"owner_email":"l@hlpfl.example","profile_name":"L","plan":%q,"profile_data":{"socials":[{"url":"https://instagram.com/x"}],"blocks":[%s]}}`, handle, plan, links(n))
	}
	r := take(t, i, file("limited", "free", 7))
	if _, d := public(t, s, "limited"); d.Links() != 5 || len(d.Socials) != 1 || !slices.Contains(r.Notes, "3 links left out: the plan, Free, holds 5") {
		t.Errorf("%d links, %+v", d.Links(), r)
	}
	r = take(t, i, file("limited", string(plans.Artist), 7))
	if row, d := public(t, s, "limited"); d.Links() != 8 || row.Plan != "artist" {
		t.Errorf("%d links on %s, %+v", d.Links(), row.Plan, r)
	}
	// What is public already may stay.
	r = take(t, i, file("limited", "free", 9))
	if _, d := public(t, s, "limited"); d.Links() != 8 {
		t.Errorf("%d links, %+v", d.Links(), r)
	}
}

func TestTwoFilesOfOneHandleAtOnce(t *testing.T) {
	t.Parallel()
	i, s := open(t)
	var all sync.WaitGroup
	results := make([]importer.Result, 4)
	errs := make([]error, 4)
	for k := range 4 {
		all.Go(func() {
			results[k], errs[k] = i.Import(context.Background(), fmt.Appendf(nil, `{"handle":"atonce","owner_email":"once@hlpfl.example","profile_name":"%d"}`, k))
		})
	}
	all.Wait()
	created := 0
	for k, r := range results {
		if errs[k] != nil {
			t.Error(errs[k])
		}
		if r.Action == importer.Created {
			created++
		}
	}
	if created != 1 {
		t.Errorf("%d created: %+v", created, results)
	}
	public(t, s, "atonce")
}

// The API's own JSON comes in as it went out.
func TestTheAPIsOwnJSONRoundTrips(t *testing.T) {
	t.Parallel()
	i, s := open(t)
	d, err := model.ParseDocument([]byte(`{"bio":"b","theme":{"name":"jacket"},"socials":[{"id":"s","network":"x","url":"https://x.com/x"}],
		"blocks":[{"id":"a","type":"link","title":"A","url":"mailto:a@example.com","enabled":false,"starts_at":"2030-01-01T00:00:00Z","ends_at":null},{"id":"b","type":"text","text":"x\ny"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := d.Stored()
	if err != nil {
		t.Fatal(err)
	}
	r := take(t, i, `{"id":"0","url":"https://hlpfl.example/x","version":3,"draft":null,"created_at":"x","updated_at":"x","handle":"whole","profile_name":"W","is_active":true,"owner_email":"w@hlpfl.example","profile_data":`+string(raw)+`}`)
	if r.Action != importer.Created || len(r.Notes) != 1 {
		t.Errorf("%+v", r)
	}
	if _, got := public(t, s, "whole"); !got.Equal(d) {
		t.Errorf("%+v is not %+v", got, d)
	}
}
