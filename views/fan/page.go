// Package fan draws what a fan sees: the public page of an artist, one markup in several themes.
//
// It is given display-ready values and asks nothing: which links are on, where their addresses lead and what may be
// shown was decided by whoever filled the Page. Everything in a Page is plain text and is escaped here.
package fan

import "github.com/hlpfl/platform/internal/model"

// Page is one public page, ready to be drawn. The zero value of an optional field leaves its part out.
type Page struct {
	// ProfileID names the profile to the view beacon and the pixel; it is not used in a preview.
	ProfileID model.ProfileID
	// Handle is the profile's handle, as it stands in its address, without a slash.
	Handle string
	// URL is the canonical address of the page, absolute. Empty leaves out canonical and og:url.
	URL string

	// Theme is a theme's name in lower case. An unknown or empty one is drawn as plain.
	Theme string
	// Look is what the artist changed of it.
	Look Look
	// Scheme is auto, light or dark; anything else is auto. Colours of a look have the one that they are.
	Scheme string
	// Lang is the BCP 47 tag of the page's language. Empty takes what the name's letters say, else en.
	Lang string

	// Name is the profile's name as Measure gave it: words, widths, script and direction.
	Name Name
	// Bio is the line under the name, optional. Line breaks in it are kept.
	Bio string
	// Picture is the portrait, nil when there is none.
	Picture *Picture

	// Socials are the row of icons, in order.
	Socials []Social
	// SocialsAtFoot puts that row after the blocks instead of before them.
	SocialsAtFoot bool
	// Blocks are the page's items, in order; only those to be shown now.
	Blocks []Block
	// Icons are the drawings for socials and blocks, each once; what has no drawing among them shows its label alone.
	Icons []Icon

	// Branding shows "Made with HLPFL" at the foot.
	Branding bool
	// Home is where that footer leads; empty means the landing page.
	Home string

	// Description is for search engines; empty leaves the tag out.
	Description string
	// Card is what other sites show when the page's address is pasted there.
	Card Card

	// Preview draws the page for its owner, inside the dashboard: nothing is counted, links open a new tab, and the
	// dashboard may frame it.
	Preview bool
}

// Picture is the portrait, or a picture of a block. Width and Height are those of the file at Src, in pixels; they hold the place while it loads.
type Picture struct {
	// Src is the address of the largest size; SrcSet lists all as "address 480w, address 960w", empty for one size.
	Src, SrcSet string
	// Sizes overrides what the theme says of how wide it is shown. Leave it empty.
	Sizes         string
	Width, Height int
	// Alt is the alternative text; empty makes the picture decorative.
	Alt string
	// Focus is where the face is, as object-position wants it: "50% 36%". Anything else is ignored.
	Focus string
	// Tint is the average colour, "#a1b2c3", which holds the place until the picture is there; "" for one that can be
	// looked through. Anything else is ignored.
	Tint string
}

// Social is one icon that leads to the artist elsewhere.
type Social struct {
	// Network is the network's id: instagram, applemusic, website.
	Network string
	// Icon is the ID of its drawing among the page's Icons.
	Icon string
	// Label is the network's name as people write it: Apple Music.
	Label string
	// Href is where the tap goes, ready: the counted path, a mailto:, tel: or sms: address, or in a preview the target.
	Href string
	// DataLink is the link's id when the beacon has to count the tap (mailto:, tel:, sms:), else empty.
	DataLink string
}

// Icon is one drawing of the sprite, in a 24 × 24 viewBox.
type Icon struct {
	// ID names the drawing: a to z, 0 to 9 and hyphen.
	ID string
	// Path is SVG path data.
	Path string
	// Stroke draws the path as a line of width 2 with round caps and joins, instead of filling it.
	Stroke bool
}

// Card is the page as other sites show it (Open Graph). Empty Title takes the name, empty Description the page's.
type Card struct {
	Title, Description string
	// Image is an absolute address of a JPEG or PNG, WebP where nothing else exists; empty leaves the picture out.
	Image                   string
	ImageWidth, ImageHeight int
	ImageAlt                string
}

// Name is a profile's name prepared for big type. Measure makes it; it depends on nothing but the text.
type Name struct {
	// Text is the whole name with its spaces made single.
	Text string
	// Words are its parts that must not be broken.
	Words []Word
	// Longest is the widest word and Length the whole name, in widths of an average Latin letter.
	Longest, Length float64
	// Script is latin, cjk, arab or other; Dir is ltr or rtl; Lang is ja, ko, zh, ar, he, …, or empty for Latin letters.
	Script, Dir, Lang string
}

// Word is one word of a name.
type Word struct {
	// Parts are what a line may break between: "Long-", "Winded". Joined they are the word.
	Parts []string
	// Spaced tells that a space stands before the word.
	Spaced bool
	// Emoji tells that the word is nothing but emoji.
	Emoji bool
	// Width of the word, in widths of an average Latin letter.
	Width float64
}
