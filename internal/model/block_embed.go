package model

// Embed is a video or music that plays in the page. Nothing of its service is
// asked for before a fan taps, and its clicks count like a link's.
type Embed struct {
	Title   string
	URL     URL      // the page that it leads to where nothing can be played
	Player  Player   // zero where the service says it only with its embed code (Bandcamp)
	Picture *Picture // shown before the tap; nil when there is none
}

// Player names what is played: a service of Players and its own name for the
// piece. It comes from an address that RecognisePlayer read, never as it was typed.
type Player struct {
	Service string // a provider's key: "youtube"
	Ref     string // "dQw4w9WgXcQ", "album/4aawyAB9vmqN3uQ7FjRGTy"
}

// Type is the block's type as it stands in JSON.
func (Embed) Type() string { return "embed" }

func readEmbed(f *fields) Body {
	return Embed{Title: f.text("title"), URL: f.url("url"), Player: Player{f.text("provider"), f.text("ref")}, Picture: f.picture("picture")}
}

func (e Embed) check(problems Problems) Body {
	line(problems, "title", &e.Title, MaxTitle, "Give it a title: it is what fans tap.")
	e.Picture = picture(problems, "picture", e.Picture)
	page, player, err := RecognisePlayer(string(e.URL))
	if err != nil {
		problems.Add("url", err)
		return e
	}
	e.URL = page
	switch {
	case player.Ref != "":
		e.Player = player
	case e.Player.Service != player.Service || e.Player.Frame() == "":
		e.Player = player // another service's, or none
	}
	return e
}

func (e Embed) write(out map[string]any) {
	out["title"], out["url"], out["provider"] = e.Title, e.URL, e.Player.Service
	put(out, "ref", e.Player.Ref)
	put(out, "picture", e.Picture)
}

func (e Embed) rename(func(BlockID) BlockID) Body { return e }

func (e Embed) extras() []extra { return pictureExtras(e.Picture) }
