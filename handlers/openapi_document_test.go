package handlers

import (
	"encoding/json"
	"testing"

	"github.com/hlpfl/platform/internal/model"
)

// whole has every field of every type of block.
const whole = `{"socials_at":"bottom","socials":[{"url":"https://x.com/x","network":"x"}],"picture":{"media":"0123456789abcdef_1x1","alt":"a","focus":"1% 1%"},"blocks":[
{"type":"link","title":"t","url":"https://example.com","icon":"auto","thumb":{"media":"0123456789abcdef_1x1","alt":"a","focus":"1% 1%"},"featured":true},
{"type":"heading","text":"t"},{"type":"text","text":"t"},{"type":"divider"},
{"type":"image","picture":{"media":"0123456789abcdef_1x1"},"caption":"c"},
{"type":"gallery","title":"t","pictures":[{"media":"0123456789abcdef_1x1","alt":"a","focus":"1% 1%"}]},
{"type":"contact","title":"t","name":"n","organization":"o","role":"r","note":"n","ways":[{"title":"t","url":"tel:+351000"}]},
{"type":"faq","title":"t","questions":[{"question":"q","answer":"a"}]},
{"type":"merch","title":"t","url":"https://example.com","price":{"amount":"1","currency":"EUR"},"picture":{"media":"0123456789abcdef_1x1"},"sold_out":true},
{"type":"merch","title":"t","url":"https://example.com","price":{"text":"p"}},
{"type":"embed","title":"t","url":"https://youtu.be/dQw4w9WgXcQ"},
{"type":"release","title":"t","note":"n","cover":{"media":"0123456789abcdef_1x1"},"date":"2026-12-04","zone":"UTC","services":[{"url":"https://example.com","network":"spotify"}],"pre_saves":[{"url":"https://example.com","network":"spotify"}]},
{"type":"tour","title":"t","dates":[{"city":"c","venue":"v","starts":"2026-12-12T21:00","zone":"UTC","status":"on","on_sale_at":"2026-12-01T10:00:00Z","tickets":[{"kind":"vip","url":"https://example.com"}]}]}]}`

// The description of the document says what the document itself writes, and nothing
// that it does not.
func TestTheDescriptionOfTheDocument(t *testing.T) {
	doc, err := model.ParseDocument([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := doc.Stored()
	if err != nil {
		t.Fatal(err)
	}
	var written map[string]any
	if err := json.Unmarshal(raw, &written); err != nil {
		t.Fatal(err)
	}
	types := map[string]bool{}
	met := map[string]bool{}
	compare(t, "document", documentSchema, written, met)
	for _, b := range written["blocks"].([]any) {
		types[b.(map[string]any)["type"].(string)] = true
	}
	for _, kind := range model.BlockTypes() {
		if !types[kind] {
			t.Errorf("no %s is compared", kind)
		}
	}
	for name := range blockProperties() {
		if !met["document.blocks."+name] {
			t.Errorf("%s is described, and no block has it", name)
		}
	}
}

// compare walks what is written along its description.
func compare(t *testing.T, at string, schema map[string]any, value any, met map[string]bool) {
	t.Helper()
	met[at] = true
	if schema["$ref"] == "#/components/schemas/Block" {
		schema = blockSchema
	}
	switch v := value.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		for name, inner := range v {
			described, ok := properties[name].(map[string]any)
			if !ok {
				t.Errorf("%s.%s is not described", at, name)
				continue
			}
			compare(t, at+"."+name, described, inner, met)
		}
	case []any:
		items, ok := schema["items"].(map[string]any)
		if !ok {
			t.Errorf("%s is a list and not described as one", at)
			return
		}
		for _, inner := range v {
			compare(t, at, items, inner, met)
		}
	}
}
