package artist

import (
	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// ConvertBlock makes a block one of another type, in its place.
func (h *Profiles) ConvertBlock(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.BlockConvert](r)
	var b model.Block
	anew := false
	reply, err := h.act(r, act{version: in.Version, wrong: err, tab: artist.TabBlocks}, func(p model.Profile, id model.BlockID, with *Profile) (model.Document, model.Edit, error) {
		was, public := p.Document.Block(id)
		anew = public && len(was.Exits()) > 0
		var d model.Document
		d, b, err = p.Working().Document.ConvertBlock(id, in.Type)
		with.Block = &b
		return d, model.Edit{Kind: model.EditConvert, Title: titleOf(b)}, err
	})
	if err != nil || r.Door == web.API {
		return reply, err
	}
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	reply.To = views.SaidBlock(views.Editor(id), saidConverted, b.ID)
	if anew {
		reply.To += "&anew=yes"
	}
	return reply, nil
}

// kindNames are a block's types as somebody reads them who has just pasted an
// address.
var kindNames = map[string]string{"link": "a link", "embed": "a player", "release": "a release", "merch": "a merch item", "contact": "a contact"}

// aKind is what a block of an address is called: "a video".
func aKind(kind string, address model.URL) string {
	if _, player, err := model.RecognisePlayer(string(address)); kind == "embed" && err == nil && player.Wide() {
		return "a video"
	}
	if name, ok := kindNames[kind]; ok {
		return name
	}
	return "a " + model.KindWords(kind, 1)
}

// became says what a block is: "a video".
func became(b model.Block) string {
	return aKind(b.Body.Type(), model.AddressOf(b))
}

// becomes are the types that the address of a block could be as well, each with the
// words of its button.
func becomes(b model.Block) []ui.Choice {
	var list []ui.Choice
	address := model.AddressOf(b)
	kind := providers.Detect(address).Kind
	for _, other := range model.Becomes(b) {
		switch {
		case other == "release" && kind != providers.Music && kind != providers.Video:
			continue // nothing to listen to
		case other == "merch" && kind != providers.Shop && kind != providers.Site && kind != providers.Music:
			continue // nothing to buy
		}
		list = append(list, ui.Choice{Value: other, Label: "Make it " + aKind(other, address)})
	}
	return list
}
