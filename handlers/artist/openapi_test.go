package artist_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

// The description says of the inputs what the program takes.
func TestTheDescriptionOfTheInputs(t *testing.T) {
	t.Parallel()
	h := open(t)
	raw := h.person(plans.Free).api("GET", "/api/openapi.json", nil).must(200).Body.Bytes()
	var d struct {
		Components struct {
			Schemas map[string]struct {
				Required   []string
				Properties map[string]json.RawMessage
			}
		}
	}
	mustJSON(t, raw, &d)
	for at, want := range map[string]string{
		"BlockSave.starts_at": "date-time", "BlockSave.type": "link, heading, text, release", "ProfileSave.profile_data": "#/components/schemas/Document",
		"ProfileCreate.profile_data": "#/components/schemas/Document", "ProfileSave.draft": "boolean", "Profile.draft": "null", "Move.to": "integer",
	} {
		name, field, _ := strings.Cut(at, ".")
		if got := string(d.Components.Schemas[name].Properties[field]); !strings.Contains(got, want) {
			t.Errorf("%s is described as %s, without %s", at, got, want)
		}
	}
	if _, there := d.Components.Schemas["BlockSave"].Properties["then"]; there {
		t.Error("a field of the form is described as the API's")
	}
}
