package model

import (
	"encoding/json"
	"slices"
)

// Edits are pure: document in, document out. The one that was given is never
// changed, so a caller may compare before and after.

// AddBlock puts a block at a place (0 is first); a place outside the list, or
// less than 0, means last. The id is given when absent.
func (d Document) AddBlock(b Block, at int) (Document, Block, error) {
	if len(d.Blocks) >= MaxBlocks {
		return d, b, Invalid("blocks", "The page is full. Delete a block to make room.")
	}
	id, err := d.newID(b.ID)
	if err != nil {
		return d, b, err
	}
	b.ID = id
	b, problems := b.Check()
	if err := problems.Err(); err != nil {
		return d, b, err
	}
	if b.Body, err = d.nameParts(b); err != nil {
		return d, b, err
	}
	if at < 0 || at > len(d.Blocks) {
		at = len(d.Blocks)
	}
	d.Blocks = slices.Insert(slices.Clone(d.Blocks), at, b)
	return d, b, nil
}

// ReplaceBlock puts a block in the place of the one with its id. Its type stays
// what it was.
func (d Document) ReplaceBlock(b Block) (Document, error) {
	i := d.place(b.ID)
	if i < 0 {
		return d, NotFound()
	}
	if d.Blocks[i].Body.Type() != b.Body.Type() {
		return d, Invalid("type", "A block keeps its type. Delete it and add one of the other type.")
	}
	b, problems := b.Check()
	if err := problems.Err(); err != nil {
		return d, err
	}
	var err error
	if b.Body, err = d.nameParts(b); err != nil {
		return d, err
	}
	b.extra = d.Blocks[i].extra
	d.Blocks = slices.Clone(d.Blocks)
	d.Blocks[i] = b
	return d, nil
}

// DuplicateBlock puts a copy of a block behind it. The copy and all its parts have
// ids of their own, so that its taps are counted apart.
func (d Document) DuplicateBlock(id BlockID) (Document, Block, error) {
	i := d.place(id)
	if i < 0 {
		return d, Block{}, NotFound()
	}
	b := d.Blocks[i]
	if _, unknown := b.Body.(Unknown); unknown {
		return d, b, Invalid("type", newerBlock)
	}
	if len(d.Blocks) >= MaxBlocks {
		return d, b, Invalid("blocks", "The page is full. Delete a block to make room.")
	}
	b.ID = NewBlockID()
	b.Body = b.Body.rename(func(BlockID) BlockID { return NewBlockID() })
	d.Blocks = slices.Insert(slices.Clone(d.Blocks), i+1, b)
	return d, b, nil
}

// SwitchBlock shows or hides a block.
func (d Document) SwitchBlock(id BlockID, enabled bool) (Document, error) {
	i := d.place(id)
	if i < 0 {
		return d, NotFound()
	}
	b := d.Blocks[i]
	b.Enabled = enabled
	if u, ok := b.Body.(Unknown); ok {
		b.Body = u.switched(enabled)
	}
	d.Blocks = slices.Clone(d.Blocks)
	d.Blocks[i] = b
	return d, nil
}

// switched is the block with its "enabled" set and all else as it was.
func (u Unknown) switched(enabled bool) Unknown {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(u.Raw, &fields); err != nil || fields == nil {
		return u
	}
	fields["enabled"] = mustJSON(enabled)
	u.Raw = mustJSON(fields)
	return u
}

// RemoveBlock takes a block out.
func (d Document) RemoveBlock(id BlockID) (Document, error) {
	i := d.place(id)
	if i < 0 {
		return d, NotFound()
	}
	d.Blocks = slices.Delete(slices.Clone(d.Blocks), i, i+1)
	return d, nil
}

// PutBackBlock puts a block back as it is published, behind the nearest of those
// that stood before it there. NotFound when it is not published, Invalid when it
// was never taken out.
func (d Document) PutBackBlock(id BlockID, published Document) (Document, error) {
	was := published.place(id)
	if was < 0 {
		return d, NotFound()
	}
	if d.holds(id) {
		return d, Invalid("block", "It is on the page already.")
	}
	if _, err := d.nameParts(published.Blocks[was]); err != nil {
		return d, err
	}
	if len(d.Blocks) >= MaxBlocks {
		return d, Invalid("blocks", "The page is full. Delete a block to make room.")
	}
	at := 0
	for i := was - 1; i >= 0 && at == 0; i-- {
		at = d.place(published.Blocks[i].ID) + 1
	}
	d.Blocks = slices.Insert(slices.Clone(d.Blocks), at, published.Blocks[was])
	return d, nil
}

// Group is how many blocks a heading stands over, itself included: all that follow
// it, up to the next heading. It is 1 for any other block, 0 for none.
func (d Document) Group(id BlockID) int {
	i := d.place(id)
	if i < 0 {
		return 0
	}
	n := 1
	if _, heading := d.Blocks[i].Body.(Heading); !heading {
		return n
	}
	for ; i+n < len(d.Blocks); n++ {
		if _, next := d.Blocks[i+n].Body.(Heading); next {
			break
		}
	}
	return n
}

// MoveGroup is MoveBlock for a heading with all that it stands over. The place is
// counted among the blocks that stay.
func (d Document) MoveGroup(id BlockID, to int) (Document, error) {
	i := d.place(id)
	if i < 0 {
		return d, NotFound()
	}
	group := slices.Clone(d.Blocks[i : i+d.Group(id)])
	rest := slices.Delete(slices.Clone(d.Blocks), i, i+len(group))
	d.Blocks = slices.Insert(rest, min(max(to, 0), len(rest)), group...)
	return d, nil
}

// MoveBlock puts a block at another place (0 is first); beyond the end is last.
func (d Document) MoveBlock(id BlockID, to int) (Document, error) {
	i := d.place(id)
	if i < 0 {
		return d, NotFound()
	}
	b := d.Blocks[i]
	rest := slices.Delete(slices.Clone(d.Blocks), i, i+1)
	d.Blocks = slices.Insert(rest, min(max(to, 0), len(rest)), b)
	return d, nil
}

// Place is where a block or a social stands in its list, from 0; -1 when it does
// not.
func (d Document) Place(id BlockID) int {
	if i := d.place(id); i >= 0 {
		return i
	}
	return d.socialPlace(id)
}

// place is where a block stands, -1 when it does not. A block without an id (only
// a newer version's has none) cannot be named.
func (d Document) place(id BlockID) int {
	if id == "" {
		return -1
	}
	return slices.IndexFunc(d.Blocks, func(b Block) bool { return b.ID == id })
}

// holds reports whether an id is in use, by a block, a part of one, or a social.
func (d Document) holds(id BlockID) bool {
	return d.place(id) >= 0 || d.socialPlace(id) >= 0 || d.ids("")[id]
}

// ids are those of all blocks, their parts and socials, without one block's.
func (d Document) ids(without BlockID) map[BlockID]bool {
	all := map[BlockID]bool{}
	for _, s := range d.Socials {
		all[s.ID] = true
	}
	for _, b := range d.Blocks {
		if b.ID == "" || b.ID == without {
			continue
		}
		all[b.ID] = true
		b.Body.rename(func(id BlockID) BlockID {
			all[id] = true
			return id
		})
	}
	return all
}

// nameParts gives the parts of a block ids where there are none, and refuses one
// that is in use.
func (d Document) nameParts(b Block) (Body, error) {
	taken := d.ids(b.ID)
	taken[b.ID] = true
	var err error
	body := b.Body.rename(func(id BlockID) BlockID {
		switch {
		case id == "":
			id = NewBlockID()
		case !validBlockID(string(id)):
			err = Invalid("id", wrongID)
		case taken[id]:
			err = Invalid("id", "The id "+string(id)+" of a part is in use on the page. Leave it out and one is given.")
		}
		taken[id] = true
		return id
	})
	return body, err
}

const wrongID = "An id has 1 to 40 letters, digits, - or _. Leave it out and it is given."

// newID gives an id where there is none, and refuses one that is in use.
func (d Document) newID(id BlockID) (BlockID, error) {
	switch {
	case id == "":
		return NewBlockID(), nil
	case !validBlockID(string(id)):
		return "", Invalid("id", wrongID)
	case d.holds(id):
		return "", Invalid("id", "This id is in use on the page. Leave it out and one is given.")
	}
	return id, nil
}
