package model

import "slices"

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
	Socials bool               // an icon of the row differs, or their order
	Place   bool               // the row stands elsewhere
	Bio     bool
	Picture bool
	Theme   bool
}

// Count is how many changes a publish would make.
func (d Diff) Count() int {
	n := len(d.Blocks) + len(d.Gone)
	for _, b := range []bool{d.Socials || d.Place, d.Bio || d.Picture, d.Theme} {
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
	diff.Place = published.SocialsAt != draft.SocialsAt
	diff.Bio = published.Bio != draft.Bio
	diff.Picture = !same(published.Picture, draft.Picture)
	diff.Theme = !same(published.Theme, draft.Theme)
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
