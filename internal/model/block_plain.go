package model

import "slices"

// Most of what a block holds, in number.
const (
	MaxPictures  = 24
	MaxQuestions = 40
)

// IconAuto shows the drawing of the service that a link leads to.
const IconAuto = "auto"

// Link leads out; its clicks count.
type Link struct {
	Title    string
	URL      URL
	Icon     string   // IconAuto, or "" for none
	Thumb    *Picture // a small picture beside the title, which goes before the icon; nil when there is none
	Featured bool     // stands out among the others
}

// Heading opens a group of blocks: all that follow, up to the next heading.
type Heading struct{ Text string }

// Text is a text with a little Markdown, as ReadMarkdown reads it.
type Text struct{ Text string }

// Image is one picture.
type Image struct {
	Picture *Picture // never nil after a check
	Caption string
}

// Gallery is several pictures.
type Gallery struct {
	Title    string
	Pictures []Picture
}

// FAQ is questions with their answers.
type FAQ struct {
	Title     string
	Questions []Question
}

// Question is one question of a FAQ; its answer may have a little Markdown.
type Question struct {
	Question, Answer string

	extra extra
}

// Divider is a line between blocks.
type Divider struct{}

// Type is the block's type as it stands in JSON.
func (Link) Type() string { return "link" }

// Type is the block's type as it stands in JSON.
func (Heading) Type() string { return "heading" }

// Type is the block's type as it stands in JSON.
func (Text) Type() string { return "text" }

// Type is the block's type as it stands in JSON.
func (Image) Type() string { return "image" }

// Type is the block's type as it stands in JSON.
func (Gallery) Type() string { return "gallery" }

// Type is the block's type as it stands in JSON.
func (FAQ) Type() string { return "faq" }

// Type is the block's type as it stands in JSON.
func (Divider) Type() string { return "divider" }

func readLink(f *fields) Body {
	return Link{Title: f.text("title"), URL: f.url("url"), Icon: f.text("icon"), Thumb: f.picture("thumb"), Featured: f.flag("featured")}
}

func (l Link) check(problems Problems) Body {
	address(problems, "url", &l.URL)
	line(problems, "title", &l.Title, MaxTitle, "Give it a title: it is what fans tap.")
	switch l.Icon {
	case "", IconAuto:
	case "off":
		l.Icon = ""
	default:
		problems.Add("icon", Reason("Give auto for the icon of the service, or off for none."))
	}
	l.Thumb = picture(problems, "thumb", l.Thumb)
	return l
}

func (l Link) write(out map[string]any) {
	out["title"], out["url"] = l.Title, l.URL
	put(out, "icon", l.Icon)
	put(out, "thumb", l.Thumb)
	put(out, "featured", l.Featured)
}

func (l Link) rename(func(BlockID) BlockID) Body { return l }

func (l Link) extras() []extra { return pictureExtras(l.Thumb) }

func readHeading(f *fields) Body { return Heading{Text: f.text("text")} }

func (h Heading) check(problems Problems) Body {
	line(problems, "text", &h.Text, MaxTitle, "Write the heading, or delete the block.")
	return h
}

func (h Heading) write(out map[string]any)          { out["text"] = h.Text }
func (h Heading) rename(func(BlockID) BlockID) Body { return h }
func (Heading) extras() []extra                     { return nil }

func (Divider) check(Problems) Body               { return Divider{} }
func (Divider) write(map[string]any)              {}
func (Divider) rename(func(BlockID) BlockID) Body { return Divider{} }
func (Divider) extras() []extra                   { return nil }

func readText(f *fields) Body { return Text{Text: f.text("text")} }

func (t Text) check(problems Problems) Body {
	lines(problems, "text", &t.Text, MaxText, "Write the text, or delete the block.")
	return t
}

func (t Text) write(out map[string]any)          { out["text"] = t.Text }
func (t Text) rename(func(BlockID) BlockID) Body { return t }
func (Text) extras() []extra                     { return nil }

func readImage(f *fields) Body {
	return Image{Picture: f.picture("picture"), Caption: f.text("caption")}
}

func (i Image) check(problems Problems) Body {
	if i.Picture == nil {
		problems.Add("picture", Reason("Choose a picture, or delete the block."))
	}
	i.Picture = picture(problems, "picture", i.Picture)
	line(problems, "caption", &i.Caption, MaxAlt, "")
	return i
}

func (i Image) write(out map[string]any) {
	out["picture"] = i.Picture
	put(out, "caption", i.Caption)
}

func (i Image) rename(func(BlockID) BlockID) Body { return i }
func (i Image) extras() []extra                   { return pictureExtras(i.Picture) }

func readGallery(f *fields) Body {
	g := Gallery{Title: f.text("title")}
	for _, own := range f.list("pictures", MaxPictures) {
		g.Pictures = append(g.Pictures, own.asPicture())
	}
	return g
}

func (g Gallery) check(problems Problems) Body {
	line(problems, "title", &g.Title, MaxTitle, "")
	if len(g.Pictures) == 0 {
		problems.Add("pictures", Reason("Choose a picture, or delete the block."))
	}
	few(problems, "pictures", len(g.Pictures), MaxPictures)
	g.Pictures = slices.Clone(g.Pictures)
	for i, pic := range g.Pictures {
		g.Pictures[i] = checkPicture(pic, part("pictures", i, ""), problems)
	}
	return g
}

func (g Gallery) write(out map[string]any) {
	put(out, "title", g.Title)
	out["pictures"] = emptyNotNull(g.Pictures)
}

func (g Gallery) rename(func(BlockID) BlockID) Body { return g }

func (g Gallery) extras() (all []extra) {
	for _, pic := range g.Pictures {
		all = append(all, pic.extra)
	}
	return all
}

func readFAQ(f *fields) Body {
	faq := FAQ{Title: f.text("title")}
	for _, own := range f.list("questions", MaxQuestions) {
		faq.Questions = append(faq.Questions, Question{own.text("question"), own.text("answer"), own.rest()})
	}
	return faq
}

func (q FAQ) check(problems Problems) Body {
	line(problems, "title", &q.Title, MaxTitle, "")
	if len(q.Questions) == 0 {
		problems.Add("questions", Reason("Ask a question, or delete the block."))
	}
	few(problems, "questions", len(q.Questions), MaxQuestions)
	q.Questions = slices.Clone(q.Questions)
	for i := range q.Questions {
		line(problems, part("questions", i, "question"), &q.Questions[i].Question, MaxAlt, "Write the question, or take it out.")
		lines(problems, part("questions", i, "answer"), &q.Questions[i].Answer, MaxText, "Write the answer, or take the question out.")
	}
	return q
}

func (q FAQ) write(out map[string]any) {
	put(out, "title", q.Title)
	list := make([]any, len(q.Questions))
	for i, one := range q.Questions {
		list[i] = one.extra.object(map[string]any{"question": one.Question, "answer": one.Answer})
	}
	out["questions"] = list
}

func (q FAQ) rename(func(BlockID) BlockID) Body { return q }

func (q FAQ) extras() (all []extra) {
	for _, one := range q.Questions {
		all = append(all, one.extra)
	}
	return all
}

func pictureExtras(p *Picture) []extra {
	if p == nil {
		return nil
	}
	return []extra{p.extra}
}
