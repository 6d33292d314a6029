package fan

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// Kind says what a Block is; it is the block's class in the markup.
type Kind string

// The kinds of block a page can show.
const (
	KindLink    Kind = "link"
	KindHeading Kind = "heading"
	KindText    Kind = "text"
	KindImage   Kind = "image"
	KindGallery Kind = "gallery"
	KindContact Kind = "contact"
	KindFAQ     Kind = "faq"
	KindDivider Kind = "divider"
	KindMerch   Kind = "merch"
	KindVideo   Kind = "video" // plays in the page, as a picture of 16:9
	KindEmbed   Kind = "embed" // plays in the page, as a strip
	KindRelease Kind = "release"
	KindTour    Kind = "tour"
)

// kinds are those there are.
var kinds = map[Kind]bool{
	KindLink: true, KindHeading: true, KindText: true, KindImage: true, KindGallery: true, KindContact: true, KindFAQ: true,
	KindDivider: true, KindMerch: true, KindVideo: true, KindEmbed: true, KindRelease: true, KindTour: true,
}

// Block is one item of the page. Blocks of an unknown Kind are not drawn. Which fields a kind has is said beside them;
// the others are left empty.
type Block struct {
	Kind Kind
	// Title is what the block is called; optional for an image, a gallery, a contact, a FAQ and a tour.
	Title string
	// Text is a text block's text, with a little Markdown (model.ReadMarkdown).
	Text string
	// Href and DataLink as for a Social: of a link, a merch item, a video and an embed.
	Href, DataLink string
	// Figure is the small print: a link's host without www., or "mail", "phone", "text"; the service of a video or an
	// embed. Optional.
	Figure string
	// Icon is the ID of a drawing: of a link, a video or an embed. Optional.
	Icon string
	// Network is the service's id, of a video or an embed.
	Network string
	// Featured is a link that stands out.
	Featured bool
	// Picture is a link's thumbnail, an image, a merch item's, a cover, or what a video or an embed shows before the tap.
	Picture *Picture
	// Pictures are a gallery's.
	Pictures []Picture
	// Note is an image's caption, a contact's who, a release's line.
	Note string
	// Ways are how a contact is reached.
	Ways []Way
	// Save is the address of a contact's vCard, or of a tour's calendar; empty in a preview.
	Save string
	// Questions are a FAQ's.
	Questions []model.Question
	// Price is a merch item's, as people write it; SoldOut tells that there are none left.
	Price   string
	SoldOut bool
	// Frame is the address of the player that takes the place of a video or an embed after the tap; empty where only the
	// link leads to it. Tall is how high it is, in CSS pixels; 0 for a picture of 16:9.
	Frame string
	Tall  int
	// Services are a release's buttons to be shown now, in order.
	Services []Social
	// Out is when a release comes out, in its own time zone; zero for one that is out.
	Out time.Time
	// Shows are a tour's dates to be shown now, in order.
	Shows []Show
}

// Way is one way to reach a contact.
type Way struct{ Title, Figure, Href, DataLink string }

// Show is one date of a tour.
type Show struct {
	// At is when it begins, in the venue's time zone.
	At          time.Time
	City, Venue string
	Status      model.ShowStatus
	// OnSale is when the sale begins, in the venue's time zone; zero when it has begun.
	OnSale  time.Time
	Tickets []Ticket
	// Calendar is the address of its calendar entry; empty in a preview.
	Calendar string
}

// Ticket is one way into a show.
type Ticket struct {
	Kind           model.TicketKind
	Href, DataLink string
}
