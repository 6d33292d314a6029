package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Handle is the public name of a profile, the {handle} of its address: 2 to 30 of
// a–z, 0–9, - _ and ., as ParseHandle gave it.
type Handle string

// The shortest and the longest handle, in characters.
const (
	MinHandle = 2
	MaxHandle = 30
)

// ParseHandle mends and checks a handle: spaces at the ends and a leading @ go,
// capitals become small. Anything else that is wrong is refused; the error is a
// Reason.
func ParseHandle(raw string) (Handle, error) {
	if !utf8.ValidString(raw) {
		return "", damaged
	}
	name := strings.TrimFunc(raw, blankAround)
	name = lowerASCII(strings.TrimPrefix(name, "@"))
	for _, r := range name {
		if !handleLetter(r) && !handleMark(r) {
			return "", Reason(named(r) + " cannot stand in a handle. Use a–z, 0–9, -, _ and the dot.")
		}
	}
	switch n := len(name); {
	case n == 0:
		return "", Reason("Choose a handle: 2 to 30 of a–z, 0–9, -, _ and the dot.")
	case n < MinHandle:
		return "", Reason("One character is too short for a handle. Use 2 to 30.")
	case n > MaxHandle:
		return "", Reason(fmt.Sprintf("This is %s characters long; a handle has at most %d.", thousands(n), MaxHandle))
	}
	if handleMark(rune(name[0])) || handleMark(rune(name[len(name)-1])) {
		return "", Reason("A handle begins and ends with a letter or a digit.")
	}
	for i := range len(name) - 1 {
		if handleMark(rune(name[i])) && handleMark(rune(name[i+1])) {
			return "", Reason("Two marks (-, _ or a dot) stand side by side. Keep one of them.")
		}
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 && slices.Contains(fileEndings, name[i+1:]) {
		return "", Reason("A handle cannot end in " + name[i:] + ", which looks like a file. Leave the ending out, or put - for the dot.")
	}
	if reserved(name) {
		return "", Reason(name + " is kept for HLPFL itself. Choose another handle.")
	}
	return Handle(name), nil
}

// String is the handle without an @.
func (h Handle) String() string { return string(h) }

func handleLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

func handleMark(r rune) bool { return r == '-' || r == '_' || r == '.' }

// named is how a character is told to people: as it looks, or by its number.
func named(r rune) string {
	switch {
	case r == ' ':
		return "A space"
	case visible(r) && r != utf8.RuneError:
		return string(r)
	}
	return "The invisible character " + codePoint(r)
}

// fileEndings are endings by which browsers, proxies and crawlers take an address
// for a file: they would guess a wrong type, cache it for long or not ask at all.
var fileEndings = strings.Fields(`
	7z ai apk asp aspx atom avif avi bak bat bmp bz2 cfg cgi conf css csv dll dmg doc docx eot eps env exe flac
	gif git gz htm html ico ini ics iso jar jpeg jpg js json jsp key lock log m3u m3u8 m4a m4v map md mid midi
	mjs mkv mov mp3 mp4 mpeg mpg msi ogg old opus otf pdf pem php png ppt pptx ps psd py rar rb rss rtf sh sql
	svg svgz swf swp tar tgz tif tiff toml torrent ttf txt vcf wasm wav webm webmanifest webp wma wmv woff woff2
	xhtml xls xlsx xml xz yaml yml zip`)

// reservedWords are the first steps of our own addresses, now and likely, and
// names that would pass for ours.
var reservedWords = strings.Fields(`
	about abuse access account accounts activate admin administrator ads affiliate affiliates analytics android api app
	apple-app-site-association apps artist artists assets auth avatar backup billing blog bot broadcast business
	callback cancel careers cdn cdn-cgi cgi-bin changelog checkout code community company config confirm connect contact
	contracts cookie cookies copyright create css dashboard debug delete deploy desk dev developer developers discover
	dmca docs domain domains download downloads editor email enterprise error errors events example explore export fan
	fans faq favicon features feed feedback files fonts forgot free gdpr graphql guide guides handle health healthcheck
	healthz help hlpfl hlpfl-team home hooks hostmaster href html http https icons image images img import impressum
	imprint inbox index info install integrations internal invite invites ios javascript jobs join js json keys legal
	link links list live livez local localhost login logo logout logs m mail mailer-daemon mailto manage manager
	manifest me media members merch message messages metrics mobile moderator my name new news newsletter next no-reply
	noreply notices notifications null oauth oauth2 official openapi orders owner page pages partners password pay
	payment payments phpmyadmin ping plan plans policy postmaster press preview pricing privacy private problem problems
	profile profiles promo public qr r readyz recover redirect refund refunds register release releases report request
	reset restore robots root routes rss save search secure security seed sell server service services session sessions
	settings setup share shop signin signout signup site sitemap sitemaps sleeve sleeves smtp social socials staff start
	static stats status store stripe styles subdomain submit subscribe subscription subscriptions suggest support
	suspended sw system tag tags team teams template templates terms theme themes ticket tickets tos tour tours tracking
	trending undefined unsubscribe update upgrade upload uploads url user username users v verify version views web
	webhook webhooks webmaster well-known widget widgets worker wp-admin wp-content wp-includes wp-login ws www www1
	www2 xmlrpc you your`)

var reservedSet = func() map[string]bool {
	set := map[string]bool{}
	for _, word := range reservedWords {
		set[bare(word)] = true
	}
	return set
}()

// reserved looks past marks, so that log-in is no other than login.
func reserved(name string) bool { return reservedSet[bare(name)] }

// bare leaves the letters and digits.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if handleMark(r) {
			return -1
		}
		return r
	}, name)
}

// WithinOneEdit reports whether one slip of the finger makes a of b: a letter too
// many, one missing, one wrong, or two neighbours swapped. Equal ones are too.
func WithinOneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
