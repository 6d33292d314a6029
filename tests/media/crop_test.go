package media

import (
	"net/http"
	"testing"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/tests/program"
)

// A crop is another picture, beside the whole one, for as long as anything names it.
func TestACropKeepsTheWholePicture(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	whole := d.upload(photo(t, 600, 700, 9)).JSON(t)["id"].(string)
	path := "/api/profiles/" + d.profile + "/media/"
	rect := func(left, top, width, height any) map[string]any {
		return map[string]any{"left": left, "top": top, "width": width, "height": height}
	}
	a := d.api.Do("POST", path+whole+"/crop", rect(100, 200, 300, 300))
	cut := a.JSON(t)
	if a.Status != http.StatusCreated || cut["width"] != 300.0 || cut["height"] != 300.0 || cut["cropped_from"] != whole || cut["id"] == whole || a.Header.Get("Location") != cut["url"] {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	name := cut["id"].(string)
	if a := d.Client(t).Do("GET", "/m/"+model.MediaJPEG(name, 300), nil); a.Status != http.StatusOK {
		t.Errorf("the crop is not there: %d", a.Status)
	}
	if a := d.api.Do("POST", path+whole+"/crop", rect(100, 200, 300, 300)); a.JSON(t)["id"] != name || d.count(`select count(*) from media`) != 2 {
		t.Errorf("the same crop again is another picture: %s", a.Body)
	}

	// Hostile rectangles are refused by the field that is wrong.
	for what, c := range map[string]struct {
		body  any
		field string
	}{
		"nothing":         {map[string]any{}, "left"},
		"words":           {rect("0", 0, 100, 100), "left"},
		"a fraction":      {rect(0, 0.5, 100, 100), "top"},
		"negative":        {rect(-1, 0, 100, 100), "left"},
		"beyond":          {rect(0, 0, 601, 100), "width"},
		"far beyond":      {rect(0, 0, 100, 9007199254740993), "height"},
		"an overflow":     {`{"left":9223372036854775807,"top":0,"width":9223372036854775807,"height":100}`, "left"},
		"more than that":  {`{"left":1e400,"top":0,"width":100,"height":100}`, "left"},
		"too small":       {rect(0, 0, 63, 100), "width"},
		"all of it":       {rect(0, 0, 600, 700), "width"},
		"a field of none": {map[string]any{"left": 0, "top": 0, "width": 100, "height": 100, "angle": 90}, "angle"},
	} {
		a := d.api.Do("POST", path+whole+"/crop", c.body)
		errors, _ := a.JSON(t)["errors"].(map[string]any)
		if a.Status != http.StatusUnprocessableEntity || errors[c.field] == nil {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
	}
	other := d.Register(t, "other@example.com")
	theirs := other.Profile("other")["id"].(string)
	for what, a := range map[string]program.Answer{
		"somebody else's page":    other.Do("POST", path+whole+"/crop", rect(0, 0, 100, 100)),
		"somebody else's picture": other.Do("POST", "/api/profiles/"+theirs+"/media/"+whole+"/crop", rect(0, 0, 100, 100)),
		"no picture":              d.api.Do("POST", path+"0123456789abcdef_600x700/crop", rect(0, 0, 100, 100)),
		"a path":                  d.api.Do("POST", path+"..%2F..%2Fetc/crop", rect(0, 0, 100, 100)),
		"both wrong":              other.Do("POST", path+whole+"/crop", rect(-1, 0, 0, 0)),
	} {
		if a.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
	}

	// The document names the crop alone: the whole one stays beside it. A crop that nobody named goes, and its whole one
	// with it.
	if a := d.api.Do("PUT", "/api/profiles/"+d.profile, map[string]any{"version": 1, "profile_data": map[string]any{"picture": map[string]any{"media": name, "alt": ""}}}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	unused := d.upload(photo(t, 200, 200, 9)).JSON(t)["id"].(string)
	if a := d.api.Do("POST", path+unused+"/crop", rect(0, 0, 100, 100)); a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for range 2 {
		d.db.MustExec(`update media set wanted_at = now() - interval '23 hours'`)
		d.db.MustExec(`update media_files set touched_at = now() - interval '23 hours'`)
		d.sweep()
	}
	if n := d.count(`select count(*) from media where name = $1 or name = $2`, name, whole); n != 2 || d.count(`select count(*) from media`) != 2 {
		t.Errorf("%d of the two wanted are left, of %d", n, d.count(`select count(*) from media`))
	}
	if a := d.api.Do("POST", path+name+"/crop", rect(0, 0, 100, 100)); a.Status != http.StatusCreated {
		t.Errorf("a crop of a crop: %d %s", a.Status, a.Body)
	}
	if out, err := d.fsck(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// What does not fit in the plan is not stored.
func TestACropNeedsRoom(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	whole := d.upload(photo(t, 200, 200, 9)).JSON(t)["id"].(string)
	d.db.MustExec(`insert into media_files (name) select 'made' || lpad(n::text, 12, '0') || '_1x1' from generate_series(1, 49) n`)
	d.db.MustExec(`insert into media (profile_id, name) select $1, name from media_files where name like 'made%'`, d.profile)
	a := d.api.Do("POST", "/api/profiles/"+d.profile+"/media/"+whole+"/crop", map[string]any{"left": 0, "top": 0, "width": 100, "height": 100})
	if a.Status != http.StatusForbidden || a.JSON(t)["limit_name"] != "pictures" || d.count(`select count(*) from media`) != 50 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
