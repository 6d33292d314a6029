package model

import "strings"

// LookSave is the form of a look of one's own, a part of the draft.
type LookSave struct {
	Version  int64  `json:"version"`
	Colours  string `json:"colours"` // "own": the three below; else the theme's
	Palette  string `json:"palette"` // three colours with commas between, taken as one's own
	Ground   string `json:"ground"`
	Ink      string `json:"ink"`
	Accent   string `json:"accent"`
	NameFont string `json:"name_font"`
	TextFont string `json:"text_font"`
	Buttons  string `json:"buttons"`
	Reset    bool   `json:"reset"` // takes all of it back
	Then     string `json:"then"`
	// Of a conflict, the parts whose saved side was chosen over this one.
	Theirs []string `json:"theirs"`

	Look Look `json:"-"` // once it was validated
	// Mended is the text colour that was asked for, where nobody could have read it: the look has the nearest that can
	// be read. "" where nothing was mended.
	Mended Colour `json:"-"`
}

// Validate mends and checks all fields. Unlike a document's, text that cannot be read is mended: the form says so.
func (in *LookSave) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	if in.Reset {
		return problems.Err()
	}
	if parts := strings.Split(in.Palette, ","); in.Palette != "" && len(parts) == 3 {
		in.Colours, in.Ground, in.Ink, in.Accent = "own", parts[0], parts[1], parts[2]
	} else if in.Palette != "" {
		problems.Add("palette", Reason("Choose one of the palettes."))
	}
	in.Look = Look{NameFont: in.NameFont, TextFont: in.TextFont, Buttons: Buttons(in.Buttons)}
	switch in.Colours {
	case "own":
		c := Colours{Ground: Colour(in.Ground), Ink: Colour(in.Ink), Accent: Colour(in.Accent)}
		if ink, err := ParseColour(in.Ink); err == nil {
			if ground, err := ParseColour(in.Ground); err == nil && ink.Mended(ground) != ink {
				in.Mended, c.Ink = ink, ink.Mended(ground)
			}
		}
		in.Look.Colours = &c
	case "", "theme":
	default:
		problems.Add("colours", Reason("Colours are the theme's or your own."))
	}
	own := Problems{}
	in.Look = in.Look.check(own)
	for field, reason := range own {
		problems.Add(strings.TrimPrefix(field, "colours."), Reason(reason))
	}
	return problems.Err()
}

// Change is the theme with the look that was saved. Its background is another form's.
func (in *LookSave) Change(now Theme) Theme {
	was := now.Look
	now.Look = in.Look
	if in.Reset {
		return now
	}
	now.Background = was.Background
	for _, name := range in.Theirs {
		switch name {
		case "colours":
			now.Colours = was.Colours
		case "name_font":
			now.NameFont = was.NameFont
		case "text_font":
			now.TextFont = was.TextFont
		case "buttons":
			now.Buttons = was.Buttons
		}
	}
	if now.Colours != nil && was.Colours != nil {
		c := *now.Colours
		c.extra = withKept(was.Colours.extra, c.extra)
		now.Colours = &c
	}
	return now
}
