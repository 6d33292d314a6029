// Package static holds the files that browsers load beside a page: styles, scripts, fonts, icons and pictures.
// They are embedded in the program and served under names that carry a hash of their content, so that a
// browser or a CDN may keep them for ever and a new version never meets an old cache.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
)

//go:embed css js fonts icons img themes examples
var embedded embed.FS

// Prefix is the path under which Handler is mounted; every URL begins with it.
const Prefix = "/static/"

// bundles are files that exist only as the concatenation of others: many to edit, one to load.
// The order matters: the first declares the order of the layers.
var bundles = map[string][]string{
	"css/desk.css": {
		"css/tokens.css", "css/base.css",
		"css/components.css", "css/forms.css", "css/figures.css", "css/phone.css",
		"css/site.css", "css/editor.css", "css/picture.css", "css/look.css", "css/history.css", "css/blocks.css", "css/artist.css", "css/admin.css",
		"css/contrast.css",
	},
}

// types are the only kinds of file that are served, with the words a browser needs.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".webp":  "image/webp",
	".png":   "image/png",
	".ico":   "image/x-icon",
	".woff2": "font/woff2",
	".csv":   "text/csv; charset=utf-8",
}

// file is one thing that can be asked for.
type file struct {
	name string // as in the tree: css/desk.css
	hash string // 8 hex digits over the bytes as they are served
	mime string
	body []byte
	gzip func() []byte // compressed once, when first asked for; nil for what is compressed already
	br   func() []byte
}

// address is the name with the hash in it: css/desk.1a2b3c4d.css.
func (f *file) address() string {
	ext := path.Ext(f.name)
	return strings.TrimSuffix(f.name, ext) + "." + f.hash + ext
}

// files are all of them by name, built when first needed and never changed after.
var files = sync.OnceValue(func() map[string]*file { return load(embedded) })

// load reads every servable file of the tree, joins the bundles and hashes the results. It panics when a
// style names a file that does not exist: that is a mistake in the tree, found by any test that loads it.
func load(tree fs.FS) map[string]*file {
	all := map[string]*file{}
	var styles []string
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		mime, ok := types[path.Ext(name)]
		if !ok {
			return nil
		}
		body, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		all[name] = &file{name: name, mime: mime, body: body}
		if path.Ext(name) == ".css" {
			styles = append(styles, name)
		} else {
			all[name].seal()
		}
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("static: %v", err))
	}
	for bundle, parts := range bundles {
		var joined []byte
		for _, part := range parts {
			f, ok := all[part]
			if !ok {
				continue // a smaller tree in a test
			}
			joined = append(joined, f.body...)
			joined = append(joined, '\n')
		}
		if joined != nil {
			all[bundle] = &file{name: bundle, mime: types[".css"], body: joined}
			styles = append(styles, bundle)
		}
	}
	// Styles come last, because their own hash covers the hashed names of what they load.
	for _, name := range styles {
		f := all[name]
		f.body = []byte(rewrite(all, name, string(f.body), relative))
		f.seal()
	}
	return all
}

// seal fixes the hash and prepares the compressed forms; the body may not change afterwards.
func (f *file) seal() {
	sum := sha256.Sum256(f.body)
	f.hash = hex.EncodeToString(sum[:4])
	if strings.HasPrefix(f.mime, "text/") || f.mime == "image/svg+xml" {
		f.gzip = sync.OnceValue(func() []byte { return gzipped(f.body) })
		f.br = sync.OnceValue(func() []byte { return brotlied(f.body) })
	}
}

// reference finds url(…) of our own files in a style; data: and # references do not begin with a dot.
var reference = regexp.MustCompile(`url\(\s*["']?(\.{1,2}/[^"')\s]+)["']?\s*\)`)

// relative keeps a reference relative, so that the style works under any prefix or CDN.
func relative(from string, f *file) string {
	up := strings.Repeat("../", strings.Count(from, "/"))
	return up + f.address()
}

// rewrite puts hashed names in the place of the plain ones.
func rewrite(all map[string]*file, from, text string, address func(from string, f *file) string) string {
	return reference.ReplaceAllStringFunc(text, func(match string) string {
		target := path.Join(path.Dir(from), reference.FindStringSubmatch(match)[1])
		f, ok := all[target]
		if !ok {
			panic(fmt.Sprintf("static: %s loads %s, which does not exist", from, target))
		}
		if f.hash == "" {
			panic(fmt.Sprintf("static: %s loads the style %s; join styles in a bundle instead", from, target))
		}
		return `url("` + address(from, f) + `")`
	})
}

func lookup(name string) *file {
	f, ok := files()[name]
	if !ok {
		panic(fmt.Sprintf("static: no file %q", name))
	}
	return f
}

// URL is the address of a file, for example URL("css/desk.css") = "/static/css/desk.1a2b3c4d.css".
// It panics for a name that does not exist: names are written in our own code, and any test that
// renders the page finds the mistake.
func URL(name string) string { return Prefix + lookup(name).address() }

// Exists tells whether there is a file of that name, for names that are put together from data
// (an icon by its provider).
func Exists(name string) bool {
	_, ok := files()[name]
	return ok
}

// Text is a file's text as it stands in the tree, for putting it into a page. It panics for an unknown
// name. Use CSS for a style that loads other files.
func Text(name string) string { return string(lookup(name).body) }

// CSS is a style's text for putting it into a page: what it loads is named by absolute address, after
// the given CDN prefix ("" for none). It panics for an unknown name.
func CSS(name, cdn string) string {
	lookup(name)
	text, err := fs.ReadFile(embedded, name)
	if err != nil {
		panic(fmt.Sprintf("static: %s cannot be inlined: %v", name, err))
	}
	return rewrite(files(), name, string(text), func(_ string, f *file) string {
		return cdn + Prefix + f.address()
	})
}
