package analytics

import (
	"reflect"
	"testing"

	"github.com/hlpfl/platform/internal/model"
)

// What was packed comes out as it went in, also by a reader that is older than the
// writer.
func TestPackAndBack(t *testing.T) {
	t.Parallel()
	full := model.Event{
		ID: model.NewEventID(), Profile: model.NewProfileID(), Kind: model.Click, Link: "tour", Target: "https://example.com/ü", Filtered: model.FilteredBot,
		Visitor: model.VisitorHash{1, 2, 3}, Visit: model.Visit{Country: "DE", Device: "phone", OS: "iOS", Browser: "Safari", App: "Instagram",
			Source: "Instagram", Referrer: "l.instagram.com", Medium: "m", Campaign: "c", Term: "t", Content: "x"},
	}
	for i, visit := 0, reflect.ValueOf(full.Visit); i < visit.NumField(); i++ {
		if visit.Field(i).IsZero() {
			t.Fatalf("%s is not tried", visit.Type().Field(i).Name)
		}
	}
	least := model.Event{ID: model.NewEventID(), Profile: model.NewProfileID(), Kind: model.View}
	pack := appendEvent(appendEvent([]byte{packVersion}, &full), &least)
	// A field of a later version: skipped.
	later := appendEvent(nil, &full)
	fields := appendField(later[3:], 200, "something new")
	pack = append(pack, byte(len(fields))|0x80, byte(len(fields)>>7))
	pack = append(pack, fields...)
	events, bad, err := readPack(pack, nil)
	if err != nil || bad != nil {
		t.Fatal(err, bad)
	}
	if want := []model.Event{full, least, full}; !reflect.DeepEqual(events, want) {
		t.Errorf("\n got %+v\nwant %+v", events, want)
	}
}

func FuzzReadPack(f *testing.F) {
	e := model.Event{ID: model.NewEventID(), Profile: model.NewProfileID(), Kind: model.Click, Link: "tour", Target: "https://example.com/"}
	f.Add(appendEvent([]byte{packVersion}, &e))
	f.Add([]byte{packVersion, 0xff, 0xff, 0xff})
	f.Add([]byte{packVersion, 2, 1, 200})
	f.Fuzz(func(t *testing.T, pack []byte) {
		events, _, _ := readPack(pack, nil)
		for _, e := range events {
			// What can be read can be written, and says the same.
			again, bad, err := readPack(appendEvent([]byte{packVersion}, &e), nil)
			if err != nil || bad != nil || len(again) != 1 || again[0] != e {
				t.Errorf("%+v became %+v (%v, %v)", e, again, bad, err)
			}
		}
	})
}

func FuzzReadSegment(f *testing.F) {
	f.Add([]byte(spoolMagic))
	f.Add(append([]byte(spoolMagic), 1, 0, 0, 0, 0, 0, 0, 0, 7))
	f.Fuzz(func(t *testing.T, data []byte) {
		packs, rest := readSegment(data)
		damaged(rest)
		for _, batch := range joinPacks(packs) {
			if len(batch) == 0 {
				t.Error("an empty batch")
			}
		}
	})
}
