package artist

import (
	"fmt"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
)

// setNetworks finds out the networks that were left out and checks the others. One
// that stands so in a held document may stay: a newer version may have put it there.
func setNetworks(d *model.Document, held ...model.Document) error {
	problems := model.Problems{}
	for i, s := range d.Socials {
		fixed, err := setNetwork(s, held...)
		problems.Add(fmt.Sprintf("profile_data.socials[%d].network", i), err)
		d.Socials[i] = fixed
	}
	return problems.Err()
}

// setNetwork is setNetworks for one icon; its URL is checked already. The error is
// a model.Reason.
func setNetwork(s model.Social, held ...model.Document) (model.Social, error) {
	if s.Network == "" {
		s.Network = providers.Detect(s.URL).Key
		return s, nil
	}
	for _, d := range held {
		if was, ok := d.Social(s.ID); ok && was.Network == s.Network {
			return s, nil
		}
	}
	network, err := providers.CheckNetwork(s.Network)
	if err == nil {
		s.Network = network
	}
	return s, err
}

// defaultTitle is what a pasted address is called when nobody gave it a title, ""
// while it is no address.
func defaultTitle(address string) string {
	u, err := model.ParseURL(address)
	if err != nil {
		return ""
	}
	title := []rune(providers.Title(u))
	return string(title[:min(len(title), model.MaxTitle)])
}
