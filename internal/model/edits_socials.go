package model

import (
	"slices"
	"strings"
)

// AddSocial puts an icon at a place of the row (0 is first); a place outside it,
// or less than 0, means last. The id is given when absent.
func (d Document) AddSocial(s Social, at int) (Document, Social, error) {
	if len(d.Socials) >= MaxSocials {
		return d, s, Invalid("socials", "The row is full. Take one out to make room.")
	}
	id, err := d.newID(s.ID)
	if err != nil {
		return d, s, err
	}
	s.ID = id
	s, problems := s.Check()
	if err := problems.Err(); err != nil {
		return d, s, err
	}
	if at < 0 || at > len(d.Socials) {
		at = len(d.Socials)
	}
	d.Socials = slices.Insert(slices.Clone(d.Socials), at, s)
	return d, s, nil
}

// ReplaceSocial puts an icon in the place of the one with its id.
func (d Document) ReplaceSocial(s Social) (Document, error) {
	i := d.socialPlace(s.ID)
	if i < 0 {
		return d, NotFound()
	}
	s, problems := s.Check()
	if err := problems.Err(); err != nil {
		return d, err
	}
	d.Socials = slices.Clone(d.Socials)
	d.Socials[i] = s
	return d, nil
}

// RemoveSocial takes an icon out of the row.
func (d Document) RemoveSocial(id BlockID) (Document, error) {
	i := d.socialPlace(id)
	if i < 0 {
		return d, NotFound()
	}
	d.Socials = slices.Delete(slices.Clone(d.Socials), i, i+1)
	return d, nil
}

// MoveSocial puts an icon at another place of the row (0 is first); beyond the end
// is last.
func (d Document) MoveSocial(id BlockID, to int) (Document, error) {
	i := d.socialPlace(id)
	if i < 0 {
		return d, NotFound()
	}
	s := d.Socials[i]
	rest := slices.Delete(slices.Clone(d.Socials), i, i+1)
	d.Socials = slices.Insert(rest, min(max(to, 0), len(rest)), s)
	return d, nil
}

// PutBackSocial is PutBackBlock for an icon of the row.
func (d Document) PutBackSocial(id BlockID, published Document) (Document, error) {
	was := published.socialPlace(id)
	if was < 0 {
		return d, NotFound()
	}
	if d.holds(id) {
		return d, Invalid("social", "It is in the row already.")
	}
	if len(d.Socials) >= MaxSocials {
		return d, Invalid("socials", "The row is full. Take one out to make room.")
	}
	at := 0
	for i := was - 1; i >= 0 && at == 0; i-- {
		at = d.socialPlace(published.Socials[i].ID) + 1
	}
	d.Socials = slices.Insert(slices.Clone(d.Socials), at, published.Socials[was])
	return d, nil
}

// Social finds an icon of the row by its id.
func (d Document) Social(id BlockID) (Social, bool) {
	i := d.socialPlace(id)
	if i < 0 {
		return Social{}, false
	}
	return d.Socials[i], true
}

// Check mends what is mendable in an icon's own fields and names what is not. An
// empty network stays empty: whoever knows the networks fills it.
func (s Social) Check() (Social, Problems) {
	problems := Problems{}
	url, err := ParseURL(string(s.URL))
	problems.Add("url", err)
	if err == nil {
		s.URL = url
	}
	s.Network = strings.ToLower(strings.TrimFunc(s.Network, blank))
	if s.Network != "" && !networkForm.MatchString(s.Network) {
		problems.Add("network", Reason("Give a network's short name, like instagram, or leave it out and it is read from the address."))
	}
	return s, problems
}

// socialPlace is where an icon stands in the row, -1 when it does not.
func (d Document) socialPlace(id BlockID) int {
	if id == "" {
		return -1
	}
	return slices.IndexFunc(d.Socials, func(s Social) bool { return s.ID == id })
}
