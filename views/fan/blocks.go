package fan

import (
	"context"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/internal/model"
)

// How wide pictures of blocks are shown, where neither theme nor page says it otherwise.
const (
	wideSizes  = "(min-width:60rem) 40rem,100vw"
	halfSizes  = "(min-width:60rem) 20rem,50vw"
	coverSizes = "(min-width:60rem) 20rem,60vw"
	stripSizes = "6rem"
)

func (p Picture) sizesOr(sizes string) string {
	if p.Sizes != "" {
		return p.Sizes
	}
	return sizes
}

// stillSizes is how wide the picture of a player is shown.
func (s sheet) stillSizes(kind Kind) string {
	if kind == KindVideo {
		return wideSizes
	}
	return stripSizes
}

// ours marks our own words where their language is not the page's.
func (s sheet) ours() templ.OrderedAttributes {
	lang := s.foreign()
	if lang == "" {
		return nil
	}
	attributes := templ.OrderedAttributes{{Key: "lang", Value: lang}}
	if s.Name.Dir != "ltr" {
		attributes = append(attributes, templ.KeyValue[string, any]{Key: "dir", Value: "ltr"})
	}
	return attributes
}

// inline writes a run of text with bold and italic in it. It is written by hand because no space may come between
// them that the artist did not write.
func inline(run model.Inline) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var out strings.Builder
		for _, span := range run {
			if span.Bold {
				out.WriteString("<strong>")
			}
			if span.Italic {
				out.WriteString("<em>")
			}
			out.WriteString(templ.EscapeString(span.Text))
			if span.Italic {
				out.WriteString("</em>")
			}
			if span.Bold {
				out.WriteString("</strong>")
			}
		}
		_, err := io.WriteString(w, out.String())
		return err
	})
}

// plain is the text of a paragraph, to tell its direction by.
func plain(p model.Paragraph) string {
	var out strings.Builder
	for _, item := range p.Items {
		for _, span := range item {
			out.WriteString(span.Text)
		}
	}
	return out.String()
}

// feed is a calendar's address for programs that subscribe to it.
func feed(address string) templ.SafeURL {
	for _, scheme := range []string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(address, scheme); ok {
			return templ.SafeURL("webcal://" + rest)
		}
	}
	return safe(address)
}

func showClass(s Show) string {
	switch s.Status {
	case model.ShowSoldOut:
		return "date sold-out"
	case model.ShowCancelled:
		return "date cancelled"
	case model.ShowPostponed:
		return "date postponed"
	}
	return "date"
}

// hasTickets reports whether there is anything to say of a show's tickets.
func (s sheet) hasTickets(show Show) bool {
	return len(show.Tickets) > 0 || !show.OnSale.IsZero() || s.phrases().status(show.Status) != ""
}

// plays is the origin of a block's player; empty where nothing plays, or only a link leads there.
func (s sheet) plays(block Block) string {
	u, err := url.Parse(block.Frame)
	if err != nil || u.Scheme != "https" || u.Host == "" || s.Preview {
		return ""
	}
	return "https://" + u.Host
}

// frames are the hosts of the players that a page may open, each once, in order.
func (s sheet) frames() []string {
	var hosts []string
	for _, block := range s.Blocks {
		if origin := s.plays(block); origin != "" && !slices.Contains(hosts, origin) {
			hosts = append(hosts, origin)
		}
	}
	slices.Sort(hosts)
	return hosts
}

// moves tells that something on the page needs the script for players and countdowns.
func (s sheet) moves() bool {
	return !s.Preview && (len(s.frames()) > 0 || slices.ContainsFunc(s.Blocks, func(b Block) bool { return !b.Out.IsZero() }))
}

// ownIcons are the drawings that blocks show themselves, whatever the theme does with those of the services.
func (s sheet) ownIcons() []Icon {
	return slices.DeleteFunc(slices.Clone(s.Icons), func(icon Icon) bool {
		return !slices.ContainsFunc(s.Blocks, func(b Block) bool { return b.Icon == icon.ID && b.Picture == nil })
	})
}
