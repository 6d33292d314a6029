package handlers

import "github.com/hlpfl/platform/internal/model"

// The document writes and reads itself, so its description stands here; a test
// holds the two to each other.

var (
	text    = map[string]any{"type": "string"}
	yesNo   = map[string]any{"type": "boolean", "default": false}
	instant = map[string]any{"type": []string{"string", "null"}, "format": "date-time"}
	blockID = map[string]any{"type": "string", "pattern": "^[A-Za-z0-9_-]{1,40}$", "description": "given by the server when absent, and kept"}
	line    = short(model.MaxTitle, "")

	pictureFields = map[string]any{
		"media": described("string", "the name of a picture of this profile"),
		"alt":   short(model.MaxAlt, "what it shows; empty for one that only decorates"),
		"focus": map[string]any{"type": "string", "examples": []string{"50% 36%"}},
	}
	pictureSchema = map[string]any{"type": []string{"object", "null"}, "required": []string{"media"}, "properties": pictureFields}
	zoneSchema    = map[string]any{"type": "string", "description": "an IANA name", "examples": []string{"Europe/Lisbon"}}
	localSchema   = map[string]any{"type": "string", "description": "what the clocks of the zone show. A time that comes twice is the first of the two; one that never comes is read with the offset from before the jump",
		"examples": []string{"2026-12-12T21:00"}}
	serviceList = list(model.MaxServices, []string{"url"}, map[string]any{"id": blockID, "url": text, "network": described("string", "a short name like spotify; read from the address when absent")})

	// blockFields are the fields of all types; each type has its own of them.
	blockFields = map[string]any{
		"title": line, "url": text, "text": short(model.MaxText, "of a text: bold, italic and lists in Markdown; no links, no HTML"),
		"icon":     map[string]any{"enum": []string{"auto", "off"}, "description": "of a link: the icon of its service; off when absent"},
		"thumb":    pictureSchema,
		"featured": yesNo,
		"picture":  pictureSchema,
		"caption":  short(model.MaxAlt, ""),
		"pictures": list(model.MaxPictures, []string{"media"}, pictureFields),
		"questions": list(model.MaxQuestions, []string{"question", "answer"}, map[string]any{
			"question": short(model.MaxAlt, ""), "answer": short(model.MaxText, "bold, italic and lists in Markdown")}),
		"name": line, "organization": line, "role": line,
		"note": short(model.MaxAlt, ""),
		"ways": list(model.MaxWays, []string{"url"}, map[string]any{"id": blockID, "title": line, "url": described("string", "mailto:, tel:, sms: or a page")}),
		"price": map[string]any{"type": []string{"object", "null"}, "description": "an amount with its currency, or a text", "properties": map[string]any{
			"amount": map[string]any{"type": "string", "examples": []string{"25", "24.50"}}, "currency": map[string]any{"type": "string", "pattern": "^[A-Z]{3}$"}, "text": text}},
		"sold_out":  yesNo,
		"provider":  map[string]any{"enum": model.Players(), "description": "of an embed; read from its address"},
		"ref":       described("string", "of an embed: the service's own name for the piece; read from its address or its embed code"),
		"cover":     pictureSchema,
		"date":      localSchema,
		"zone":      zoneSchema,
		"services":  serviceList,
		"pre_saves": serviceList,
		"dates": list(model.MaxShows, []string{"city", "starts", "zone"}, map[string]any{
			"id": blockID, "city": line, "venue": line, "starts": localSchema, "zone": zoneSchema,
			"status":     map[string]any{"enum": []string{"on", "sold_out", "cancelled", "postponed"}, "default": "on"},
			"on_sale_at": instant,
			"tickets": list(model.MaxTickets, []string{"url"}, map[string]any{
				"id": blockID, "url": text, "kind": map[string]any{"enum": []string{"tickets", "presale", "vip", "free"}, "default": "tickets"}}),
		}),
	}
	colour      = map[string]any{"type": "string", "pattern": "^#[0-9a-f]{6}$", "examples": []string{"#ff7426"}}
	themeSchema = map[string]any{"type": "object", "description": "beside the name: a look of one's own, on plans that hold one", "properties": map[string]any{
		"name": map[string]any{"enum": model.Themes()},
		"colours": map[string]any{"type": []string{"object", "null"}, "required": []string{"ground", "ink", "accent"},
			"description": "all colours of the page are mixed from these; ink on ground has a contrast of at least 4.5:1",
			"properties":  map[string]any{"ground": colour, "ink": colour, "accent": colour}},
		"name_font":  described("string", "of the name and the headings; the theme's when absent"),
		"text_font":  described("string", "of all the rest; the theme's when absent"),
		"buttons":    map[string]any{"enum": model.ButtonShapes(), "description": "the theme's when absent"},
		"background": pictureSchema,
	}}
	blockSchema    = map[string]any{"type": "object", "required": []string{"type"}, "properties": blockProperties()}
	documentSchema = map[string]any{
		"type": "object",
		"properties": map[string]any{
			"bio":        short(model.MaxBio, ""),
			"picture":    pictureSchema,
			"theme":      themeSchema,
			"socials_at": map[string]any{"enum": []string{"top", "bottom"}, "default": "top"},
			"socials":    list(model.MaxSocials, []string{"url"}, map[string]any{"id": blockID, "network": text, "url": text}),
			"blocks":     map[string]any{"type": "array", "maxItems": model.MaxBlocks, "items": map[string]any{"$ref": "#/components/schemas/Block"}},
		},
	}
)

func blockProperties() map[string]any {
	all := map[string]any{
		"id": blockID, "type": map[string]any{"enum": model.BlockTypes()},
		"enabled": map[string]any{"type": "boolean", "default": true}, "starts_at": instant, "ends_at": instant,
	}
	for name, schema := range blockFields {
		all[name] = schema
	}
	return all
}

func short(limit int, doc string) map[string]any {
	s := described("string", doc)
	s["maxLength"] = limit
	return s
}

func described(kind, doc string) map[string]any {
	s := map[string]any{"type": kind}
	if doc != "" {
		s["description"] = doc
	}
	return s
}

func list(most int, required []string, properties map[string]any) map[string]any {
	return map[string]any{"type": "array", "maxItems": most, "items": map[string]any{"type": "object", "required": required, "properties": properties}}
}
