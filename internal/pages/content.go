package pages

import (
	"context"
	"slices"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// Published is what fans may see of a profile, as its own document: what files
// beside the page are made of.
type Published struct {
	Content
	Since time.Time // of the last publish
	At    time.Time // the instant that it is asked at, by the same clock as pages
	// Shared is how long a CDN may keep what is made of it.
	Shared time.Duration
}

// filed reports whether a document has blocks that fans can take away as files.
func filed(d model.Document) bool {
	return slices.ContainsFunc(d.Blocks, func(b model.Block) bool {
		switch b.Body.(type) {
		case model.Contact, model.Tour:
			return b.Enabled
		}
		return false
	})
}

// Published gives a profile whose page has contacts or tours, with the errors of
// Find; one without any is NotFound.
func (p *Pages) Published(ctx context.Context, profile model.ProfileID) (Published, error) {
	e, err := p.profile(ctx, profile)
	if err != nil {
		return Published{}, err
	}
	if e.row == nil {
		return Published{}, model.NotFound()
	}
	doc, err := model.ReadStored(e.row.Data)
	if err != nil {
		return Published{}, &model.Error{Kind: model.KindInternal, Message: "stored document", Err: err}
	}
	out := Published{Content: contentOf(e.row, doc), Since: e.row.Published, At: p.now(), Shared: maxShared}
	if next := doc.NextChange(out.At); !next.IsZero() {
		out.Shared = max(0, min(maxShared, next.Sub(out.At)))
	}
	return out, nil
}

// URL is the address of a profile's page.
func (p *Pages) URL(handle model.Handle) string { return p.builder.url(handle) }
