package model

import "slices"

// Edits are pure: document in, document out. The one that was given is never
// changed, so a caller may compare before and after.

// AddBlock puts a block at a place (0 is first); a place outside the list, or
// less than 0, means last. The id is given when absent.
func (d Document) AddBlock(b Block, at int) (Document, Block, error) {
	if len(d.Blocks) >= MaxBlocks {
		return d, b, Invalid("blocks", "The page is full. Delete a block to make room.")
	}
	if b.ID == "" || d.holds(b.ID) {
		b.ID = NewBlockID()
	}
	b, problems := b.Check()
	if err := problems.Err(); err != nil {
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
	b.extra = d.Blocks[i].extra
	d.Blocks = slices.Clone(d.Blocks)
	d.Blocks[i] = b
	return d, nil
}

// RemoveBlock takes a block out and says where it stood.
func (d Document) RemoveBlock(id BlockID) (Document, int, error) {
	i := d.place(id)
	if i < 0 {
		return d, 0, NotFound()
	}
	d.Blocks = slices.Delete(slices.Clone(d.Blocks), i, i+1)
	return d, i, nil
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

// AddSocial puts an icon at the end of the row.
func (d Document) AddSocial(s Social) (Document, Social, error) {
	if len(d.Socials) >= MaxSocials {
		return d, s, Invalid("socials", "The row is full. Take one out to make room.")
	}
	url, err := ParseURL(string(s.URL))
	if err != nil {
		return d, s, Invalid("url", err.Error())
	}
	s.URL = url
	if s.Network != "" && !networkForm.MatchString(s.Network) {
		return d, s, Invalid("network", "Give a network's short name, like instagram.")
	}
	if s.ID == "" || d.holds(s.ID) {
		s.ID = NewBlockID()
	}
	d.Socials = append(slices.Clone(d.Socials), s)
	return d, s, nil
}

// RemoveSocial takes an icon out of the row.
func (d Document) RemoveSocial(id BlockID) (Document, error) {
	i := slices.IndexFunc(d.Socials, func(s Social) bool { return s.ID == id })
	if i < 0 {
		return d, NotFound()
	}
	d.Socials = slices.Delete(slices.Clone(d.Socials), i, i+1)
	return d, nil
}

// MoveSocial puts an icon at another place of the row.
func (d Document) MoveSocial(id BlockID, to int) (Document, error) {
	i := slices.IndexFunc(d.Socials, func(s Social) bool { return s.ID == id })
	if i < 0 {
		return d, NotFound()
	}
	s := d.Socials[i]
	rest := slices.Delete(slices.Clone(d.Socials), i, i+1)
	d.Socials = slices.Insert(rest, min(max(to, 0), len(rest)), s)
	return d, nil
}

// place is where a block stands, -1 when it does not.
func (d Document) place(id BlockID) int {
	return slices.IndexFunc(d.Blocks, func(b Block) bool { return b.ID == id })
}

// holds reports whether an id is in use, by a block or a social.
func (d Document) holds(id BlockID) bool {
	return d.place(id) >= 0 || slices.ContainsFunc(d.Socials, func(s Social) bool { return s.ID == id })
}

// Change tells how one block of a draft differs from the published document.
type Change string

// How a block differs.
const (
	Same    Change = ""
	Added   Change = "added"
	Changed Change = "changed"
	Moved   Change = "moved"
)

// Diff is what a publish would change.
type Diff struct {
	Blocks  map[BlockID]Change // by id, of the draft's blocks; Same ones are absent
	Gone    []Block            // published, and not in the draft
	Socials bool               // the row differs
	Who     bool               // bio or picture differ
	Theme   bool
}

// Count is how many changes a publish would make.
func (d Diff) Count() int {
	n := len(d.Blocks) + len(d.Gone)
	for _, b := range []bool{d.Socials, d.Who, d.Theme} {
		if b {
			n++
		}
	}
	return n
}

// DiffOf compares a draft with what is published.
func DiffOf(published, draft Document) Diff {
	diff := Diff{Blocks: map[BlockID]Change{}}
	same := func(a, b any) bool { return sameJSON(mustJSON(a), mustJSON(b)) }
	for _, b := range draft.Blocks {
		was, ok := published.Block(b.ID)
		switch {
		case !ok:
			diff.Blocks[b.ID] = Added
		case !same(was, b):
			diff.Blocks[b.ID] = Changed
		}
	}
	for _, b := range published.Blocks {
		if _, ok := draft.Block(b.ID); !ok {
			diff.Gone = append(diff.Gone, b)
		}
	}
	for _, id := range moved(published, draft) {
		if diff.Blocks[id] == Same {
			diff.Blocks[id] = Moved
		}
	}
	diff.Socials = !same(emptyNotNull(published.Socials), emptyNotNull(draft.Socials))
	diff.Who = published.Bio != draft.Bio || !same(published.Picture, draft.Picture)
	diff.Theme = published.Theme != draft.Theme
	return diff
}

// moved are the blocks in both documents that do not stand in the longest run
// that kept its order: the fewest that must have been picked up.
func moved(published, draft Document) []BlockID {
	was := map[BlockID]int{}
	for i, b := range published.Blocks {
		was[b.ID] = i
	}
	var ids []BlockID
	for _, b := range draft.Blocks {
		if _, ok := was[b.ID]; ok {
			ids = append(ids, b.ID)
		}
	}
	// Longest increasing subsequence; n is at most MaxBlocks.
	length, before := make([]int, len(ids)), make([]int, len(ids))
	last := -1
	for i := range ids {
		length[i], before[i] = 1, -1
		for j := range i {
			if was[ids[j]] < was[ids[i]] && length[j]+1 > length[i] {
				length[i], before[i] = length[j]+1, j
			}
		}
		if last < 0 || length[i] > length[last] {
			last = i
		}
	}
	kept := map[BlockID]bool{}
	for ; last >= 0; last = before[last] {
		kept[ids[last]] = true
	}
	return slices.DeleteFunc(ids, func(id BlockID) bool { return kept[id] })
}
