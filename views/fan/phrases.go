package fan

// phrases are the few words on a page that are ours and not the artist's.
type phrases struct {
	lang string
	// elsewhere is the label of the socials, to be followed or preceded by the name.
	before, after string
	// madeBefore and madeAfter stand around the maker's name at the foot.
	madeBefore, madeAfter string
}

// translations are the languages they are known in.
var translations = map[string]phrases{
	"en": {lang: "en", after: " elsewhere", madeBefore: "Made with "},
	"ja": {lang: "ja", after: "のリンク", madeAfter: " で作成"},
	"ar": {lang: "ar", before: "روابط ", madeBefore: "صُنع بواسطة "},
}

// phrases are those of the page's language, in English when it is not known.
func (s sheet) phrases() phrases {
	if p, ok := translations[s.Lang]; ok {
		return p
	}
	return translations["en"]
}

// elsewhere names the list of socials for those who hear the page.
func (s sheet) elsewhere() string { return s.phrases().before + s.Name.Text + s.phrases().after }

// foreign is the language of our own words where it is not the page's, else empty.
func (s sheet) foreign() string {
	if p := s.phrases(); p.lang != s.Lang {
		return p.lang
	}
	return ""
}
