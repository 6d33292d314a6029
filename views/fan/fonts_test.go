package fan

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/static"
)

// one and two are how many bytes a font's file, and the files of the fonts of names and of text together, may have.
const (
	one = 30 << 10
	two = 60 << 10
)

// fontFiles are the files of fonts to choose, by name, with their sizes.
func fontFiles(t *testing.T) map[string]int64 {
	t.Helper()
	names, err := filepath.Glob("../../static/fonts/choice/*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no fonts: %v", err)
	}
	files := map[string]int64{}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		files["fonts/choice/"+filepath.Base(name)] = info.Size()
	}
	return files
}

var (
	fontFace = regexp.MustCompile(`@font-face\{([^{}]*)\}`)
	fontLoad = regexp.MustCompile(`url\("` + static.Prefix + `(fonts/choice/[a-z0-9-]+)\.[0-9a-f]{8}\.woff2"\)`)
)

// TestFontsAreWhole goes from the model's list to the files and back.
func TestFontsAreWhole(t *testing.T) {
	files := fontFiles(t)
	notices, err := os.ReadFile("../../NOTICES.md")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(Fonts()); got != len(model.Fonts()) || got < 12 {
		t.Errorf("%d fonts to choose, the model has %d", got, len(model.Fonts()))
	}
	wanted := map[string]bool{}
	for _, font := range Fonts() {
		if found, ok := FontByID(font.ID); !ok || found.Title != font.Title {
			t.Errorf("%s is not found by its id", font.ID)
		}
		css := static.CSS(font.CSS, "")
		if strings.Contains(css, "</") || !strings.Contains(css, "font-display:swap") {
			t.Errorf("%s: the CSS ends its element early, or hides text until the font is there", font.ID)
		}
		if rest := fontFace.ReplaceAllString(strings.SplitN(css, "*/", 2)[1], ""); strings.TrimSpace(rest) != "" {
			t.Errorf("%s: there is more in the CSS than faces: %q", font.ID, rest)
		}
		wanted[font.CSS] = true
		families, weights := map[string]bool{}, map[int]bool{}
		for _, rule := range fontFace.FindAllStringSubmatch(css, -1) {
			face := descriptors(rule[1])
			family := strings.Trim(face["font-family"], `"`)
			families[family] = true
			if (family == font.Title) != strings.Contains(face["src"], "url(") || face["unicode-range"] == "" {
				t.Errorf("%s: face %v", font.ID, face)
			}
			if family != font.Title {
				continue
			}
			loaded := fontLoad.FindStringSubmatch(face["src"])
			if loaded == nil {
				t.Fatalf("%s loads %s", font.ID, face["src"])
			}
			wanted[loaded[1]+".woff2"] = true
			first, last, _ := strings.Cut(face["font-weight"], " ")
			from, _ := strconv.Atoi(first)
			to, err := strconv.Atoi(last)
			if err != nil {
				to = from
			}
			for _, weight := range []int{400, 700, font.Weight} {
				weights[weight] = weights[weight] || from <= weight && weight <= to
			}
			// The files of rare letters stand there as one: "each with -ext".
			if !strings.HasSuffix(loaded[1], "-ext") && !strings.Contains(string(notices), "`"+strings.TrimPrefix(loaded[1], "fonts/")+".woff2`") {
				t.Errorf("NOTICES.md does not name %s", loaded[1])
			}
		}
		if font.Text && (!weights[400] || !weights[700]) || !weights[font.Weight] {
			t.Errorf("%s has the weights %v", font.ID, weights)
		}
		for _, file := range []string{font.File, font.NameFile} {
			if !wanted[file] {
				t.Errorf("%s: its CSS does not load %s", font.ID, file)
			}
		}
		// The family is the font, all that stands in for it, and a generic one.
		stack := strings.Split(font.Stack, ",")
		for _, family := range stack[:len(stack)-1] {
			if name := strings.Trim(family, "'"); !families[name] {
				t.Errorf("%s: no face is called %s", font.ID, name)
			}
		}
		if stack[0] != "'"+font.Title+"'" || len(stack) != len(families)+1 || !slices.Contains([]string{"sans-serif", "serif", "monospace", "cursive"}, stack[len(stack)-1]) {
			t.Errorf("%s: the family is %s, the faces are %v", font.ID, font.Stack, families)
		}
	}
	for file := range files {
		if !wanted[file] {
			t.Errorf("%s belongs to no font", file)
		}
	}
	for file := range wanted {
		if files[file] == 0 {
			t.Errorf("%s is missing", file)
		}
	}
}

// descriptors are those of one @font-face.
func descriptors(rule string) map[string]string {
	all := map[string]string{}
	for part := range strings.SplitSeq(rule, ";") {
		name, value, _ := strings.Cut(part, ":")
		all[name] = value
	}
	return all
}

func TestFontsAreSmall(t *testing.T) {
	files := fontFiles(t)
	var name, text int64
	for _, font := range Fonts() {
		name = max(name, files[font.NameFile])
		if font.Text {
			own := files[font.File]
			if font.NameFile != font.File {
				own += files[font.NameFile]
			}
			text = max(text, own)
		}
	}
	for file, size := range files {
		if strings.HasSuffix(file, ".woff2") && size > one {
			t.Errorf("%s has %d bytes", file, size)
		}
	}
	if name == 0 || text == 0 || name+text > two {
		t.Errorf("a page may have to load %d bytes for its name and %d for its text", name, text)
	}
}

// TestWidthsAreWhole wants a table for every font that needs one, with all that names are commonly made of.
func TestWidthsAreWhole(t *testing.T) {
	const common = " ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,-&'’éöñÅ"
	for _, font := range Fonts() {
		if width, ok := font.Width(common); !ok || width < 20 || width > 80 {
			t.Errorf("%s: the common letters are %.3f em wide, known: %v", font.ID, width, ok)
		}
	}
	tables, err := filepath.Glob("widths/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		name := strings.TrimSuffix(filepath.Base(table), ".json")
		own := slices.Contains([]string{"archivo-62", "bricolage-riso-display", "bricolage-stadium-display"}, name)
		if _, chosen := FontByID(name); !chosen && !own {
			t.Errorf("%s belongs to no font", table)
		}
	}
}

// TestFaceInAnotherFont sets a name in a chosen font: what the theme does to letters stays.
func TestFaceInAnotherFont(t *testing.T) {
	font, _ := FontByID("anton")
	plain, _ := font.Width("AVA")
	set, ok := archivo.in(font).width("Ava")
	if want := plain - 3*.03; !ok || figure(set) != figure(want) {
		t.Errorf("Ava in capitals, set close, is %.3f em wide, want %.3f", set, want)
	}
	if own, _ := archivo.width("Ava"); own == set {
		t.Error("the font makes no difference")
	}
}

// TestFontPictures wants each font's title drawn, for the picker.
func TestFontPictures(t *testing.T) {
	var sprite struct {
		Symbols []struct {
			ID      string `xml:"id,attr"`
			ViewBox string `xml:"viewBox,attr"`
			Path    struct {
				D string `xml:"d,attr"`
			} `xml:"path"`
		} `xml:"symbol"`
	}
	decoder := xml.NewDecoder(strings.NewReader(strings.TrimSpace(static.Text("img/fonts.svg"))))
	if err := decoder.Decode(&sprite); err != nil {
		t.Fatal(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		t.Errorf("more than one drawing: %v", err)
	}
	if len(sprite.Symbols) != len(Fonts()) {
		t.Errorf("%d pictures for %d fonts", len(sprite.Symbols), len(Fonts()))
	}
	box := regexp.MustCompile(`^-?\d+ 0 [1-9]\d{1,2} 96$`)
	for i, font := range Fonts() {
		if i >= len(sprite.Symbols) {
			break
		}
		symbol := sprite.Symbols[i]
		if symbol.ID != font.ID || !box.MatchString(symbol.ViewBox) {
			t.Errorf("picture %d is %s in %q, want %s", i, symbol.ID, symbol.ViewBox, font.ID)
		}
		if size := len(symbol.Path.D); size < 100 || size > 3000 || !strings.HasPrefix(symbol.Path.D, "m") {
			t.Errorf("%s: the drawing has %d bytes", font.ID, size)
		}
	}
}
