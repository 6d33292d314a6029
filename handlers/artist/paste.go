package artist

import (
	"fmt"
	"strings"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// maxPasted is how many addresses are taken at once.
const maxPasted = 50

// blocksOf makes the right block of each address of a text: what can be played in
// the page is played there, all else is a link with the title and the icon of its
// service. The error names every line that is no address.
func blocksOf(text string) ([]model.Block, error) {
	var list []model.Block
	var wrong []string
	n := 0
	for i, line := range strings.Split(text, "\n") {
		pasted := strings.Fields(line)
		if strings.Contains(line, "<iframe") {
			pasted = []string{strings.TrimSpace(line)} // an embed code is one thing
		}
		for _, one := range pasted {
			if n++; n > maxPasted {
				return nil, model.Invalid("text", fmt.Sprintf("These are more than %d. Paste the rest afterwards.", maxPasted))
			}
			b, err := blockAt(one)
			if err != nil {
				wrong = append(wrong, fmt.Sprintf("Line %d: %s", i+1, err))
				continue
			}
			list = append(list, b)
		}
	}
	switch {
	case len(wrong) > 0:
		return nil, model.Invalid("text", strings.Join(wrong, " "))
	case len(list) == 0:
		return nil, model.Invalid("text", "Paste an address, like https://open.spotify.com/album/…")
	}
	return list, nil
}

func blockAt(pasted string) (model.Block, error) {
	b := model.Block{Enabled: true}
	if page, player, err := model.RecognisePlayer(pasted); err == nil && player.Frame() != "" {
		b.Body = model.Embed{Title: defaultTitle(page.String()), URL: page, Player: player}
		return b, nil
	}
	u, err := model.ParseURL(pasted)
	if err != nil {
		return b, err
	}
	b.Body = model.Link{Title: defaultTitle(u.String()), URL: u, Icon: model.IconAuto}
	return b, nil
}

// Paste makes a block of each address that was pasted, all of them or none.
func (h *Profiles) Paste(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.Paste](r)
	var list []model.Block
	if err == nil {
		list, err = blocksOf(in.Text)
	}
	var p model.Profile
	var last model.BlockID
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (next model.Draft, what model.Edit, err error) {
			next = p.Working()
			for _, b := range list {
				if next.Document, b, err = next.Document.AddBlock(b, -1); err != nil {
					return next, what, err
				}
				what, last = model.Edit{Kind: model.EditAdd, Subject: b.ID, Title: titleOf(b)}, b.ID
			}
			if len(list) > 1 {
				what = model.Edit{Kind: model.EditPaste, Title: fmt.Sprintf("%d addresses", len(list))}
			}
			return next, what, nil
		})
	}
	if err != nil {
		return h.refused(r, err, artist.TabBlocks, func(v *artist.Editor, e *model.Error) {
			v.Paste, v.PasteErrors = in.Text, ui.Errors(fieldsOf(e))
		})
	}
	to := views.Said(views.Editor(p.ID), saidAdded)
	if len(list) == 1 {
		to = views.SaidBlock(views.Editor(p.ID), saidPasted, last)
	}
	return h.edited(p, to, nil, nil), nil
}

// EndGuide puts the first-run guide away.
func (h *Profiles) EndGuide(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	if _, err = web.Read[model.VersionOnly](r); err != nil {
		return h.refused(r, err, tabOf(r))
	}
	err = h.as(r, func(tx *store.UserTx) error { return tx.EndGuide(r.Request().Context(), id) })
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{To: views.EditorTab(id, string(tabOf(r))), Follow: true}, nil
}
