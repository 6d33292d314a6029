package site

// kind says how the handle that was asked for differs from the one that exists.
type kind int

const (
	unlike  kind = iota // by more than a letter, or there is none
	missing             // a letter is missing
	surplus             // there is a letter too many
	wrong               // one letter is another
)

// correction is what a reader's pencil would do to the handle that was asked for.
type correction struct {
	kind kind
	// before and after are what stands around the place; asked is the letter that stands there, letter the one that
	// belongs there.
	before, after, asked, letter string
}

// correct compares a handle that was asked for with one that exists. Handles are ASCII, so bytes are letters.
func correct(asked, exists string) correction {
	if exists == "" || asked == exists {
		return correction{}
	}
	i := 0
	for i < len(asked) && i < len(exists) && asked[i] == exists[i] {
		i++
	}
	switch {
	case len(exists) == len(asked)+1 && asked[i:] == exists[i+1:]:
		return correction{kind: missing, before: asked[:i], letter: exists[i : i+1], after: asked[i:]}
	case len(exists)+1 == len(asked) && asked[i+1:] == exists[i:]:
		return correction{kind: surplus, before: asked[:i], asked: asked[i : i+1], after: asked[i+1:]}
	case len(exists) == len(asked) && asked[i+1:] == exists[i+1:]:
		return correction{kind: wrong, before: asked[:i], asked: asked[i : i+1], letter: exists[i : i+1], after: asked[i+1:]}
	}
	return correction{}
}
