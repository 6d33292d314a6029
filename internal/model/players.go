package model

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// service is how one service's players are recognised and addressed.
type service struct {
	key string
	// find reads the path and query of an address on one of the service's hosts:
	// what is played ("" when only its embed code says it), the page it leads to ("" for
	// the address itself), and whether there is anything to play at all.
	find func(host, path string, query url.Values) (ref, page string, ok bool)
	// form is how a ref looks, whole.
	form *regexp.Regexp
	// frame is the address of the player that begins at once. Only a ref that has the
	// form reaches it.
	frame func(ref string) string
	// tall is how high the service's own player of a piece is, in CSS pixels; nil for a
	// picture of 16:9.
	tall  func(ref string) int
	hosts []string
}

// Players lists the services whose players are known, by their providers' keys.
func Players() []string {
	keys := make([]string, len(services))
	for i, s := range services {
		keys[i] = s.key
	}
	return keys
}

// RecognisePlayer reads what is to be played out of a pasted address, or out of an
// embed code (<iframe src="…">), and gives the page that stands for it. The ref is
// empty where the address is a page that does not name its player (Bandcamp's). The
// error is a Reason.
func RecognisePlayer(pasted string) (page URL, player Player, err error) {
	pasted, beside := embedCode(pasted)
	page, err = ParseURL(pasted)
	if err != nil {
		return "", Player{}, err
	}
	found, ref, at, ok := recognise(page)
	if !ok {
		return page, Player{}, Reason("Nothing there can be played in the page. Paste the address of a song, an album or a video from " +
			"YouTube, Vimeo, Spotify, Apple Music, SoundCloud, Bandcamp, Mixcloud or Audiomack; or make it a link.")
	}
	if at != "" {
		page = URL(at)
	}
	if link, err := ParseURL(beside); err == nil {
		if other, _, _, ok := recognise(link); ok && other.key == found.key {
			page = link
		}
	}
	return page, Player{found.key, ref}, nil
}

func recognise(page URL) (found service, ref, at string, ok bool) {
	u, err := url.Parse(string(page))
	if err != nil || !page.LeadsOut() {
		return service{}, "", "", false
	}
	host := page.Hostname()
	for _, s := range services {
		if !slices.ContainsFunc(s.hosts, func(known string) bool { return host == known || strings.HasSuffix(host, "."+known) }) {
			continue
		}
		if ref, at, ok = s.find(host, strings.Trim(u.EscapedPath(), "/"), u.Query()); ok && (ref == "" || s.form.MatchString(ref)) {
			return s, ref, at, true
		}
	}
	return service{}, "", "", false
}

var (
	frameSource = regexp.MustCompile(`(?is)^\s*<iframe\b[^>]*?\ssrc\s*=\s*["']([^"'>]+)["']`)
	linkSource  = regexp.MustCompile(`(?is)<a\b[^>]*?\shref\s*=\s*["']([^"'>]+)["']`)
)

// embedCode takes the addresses of the frame and of the link inside it out of a
// pasted embed code; anything else is an address already.
func embedCode(pasted string) (frame, link string) {
	if len(pasted) > 4*MaxURL {
		return pasted, ""
	}
	found := frameSource.FindStringSubmatch(pasted)
	if found == nil {
		return pasted, ""
	}
	frame = html.UnescapeString(found[1])
	if strings.HasPrefix(frame, "//") {
		frame = "https:" + frame
	}
	if beside := linkSource.FindStringSubmatch(pasted); beside != nil {
		link = html.UnescapeString(beside[1])
	}
	return frame, link
}

// Frame is the address of the player, built from its parts; "" when this version
// cannot play it.
func (p Player) Frame() string {
	for _, s := range services {
		if s.key == p.Service && p.Ref != "" && s.form.MatchString(p.Ref) {
			return s.frame(p.Ref)
		}
	}
	return ""
}

// Wide tells that the player is a picture of 16:9, not a strip.
func (p Player) Wide() bool {
	return slices.ContainsFunc(services, func(s service) bool {
		return s.key == p.Service && (s.tall == nil || p.Ref != "" && s.tall(p.Ref) == 0)
	})
}

// Tall is how high the player is, in CSS pixels, as its service documents it: a song
// has a strip, an album a list. It is 0 for a picture of 16:9, and for what this
// version cannot play.
func (p Player) Tall() int {
	for _, s := range services {
		if s.key == p.Service && s.tall != nil && p.Ref != "" && s.form.MatchString(p.Ref) {
			return s.tall(p.Ref)
		}
	}
	return 0
}

// strip is a player as high as this, whatever it plays.
func strip(pixels int) func(string) int { return func(string) int { return pixels } }

// Hosts of the players stand in a page's Content-Security-Policy.
var services = []service{
	{key: "youtube", hosts: []string{"youtube.com", "youtu.be", "youtube-nocookie.com"},
		find: youtube, form: regexp.MustCompile(`^([A-Za-z0-9_-]{11}|list/[A-Za-z0-9_-]{2,60})$`),
		frame: func(ref string) string {
			if list, ok := strings.CutPrefix(ref, "list/"); ok {
				return "https://www.youtube-nocookie.com/embed/videoseries?list=" + list + "&autoplay=1"
			}
			return "https://www.youtube-nocookie.com/embed/" + ref + "?autoplay=1"
		}},
	{key: "vimeo", hosts: []string{"vimeo.com"},
		find: vimeo, form: regexp.MustCompile(`^[0-9]{1,12}(/[0-9a-f]{6,40})?$`),
		frame: func(ref string) string {
			id, hash, _ := strings.Cut(ref, "/")
			if hash != "" {
				hash = "h=" + hash + "&"
			}
			return "https://player.vimeo.com/video/" + id + "?" + hash + "dnt=1&autoplay=1"
		}},
	{key: "spotify", hosts: []string{"open.spotify.com"},
		find: spotify, form: regexp.MustCompile(`^(track|album|playlist|artist|episode|show)/[A-Za-z0-9]{22}$`),
		frame: func(ref string) string { return "https://open.spotify.com/embed/" + ref },
		tall: func(ref string) int {
			if strings.HasPrefix(ref, "track/") || strings.HasPrefix(ref, "episode/") || strings.HasPrefix(ref, "show/") {
				return 152
			}
			return 352
		}},
	{key: "applemusic", hosts: []string{"music.apple.com"},
		find: apple, form: regexp.MustCompile(`^[a-z]{2}/(album|playlist|song|music-video|artist)/([0-9]{1,20}(\?i=[0-9]{1,20})?|pl\.[A-Za-z0-9-]{1,60})$`),
		frame: func(ref string) string { return "https://embed.music.apple.com/" + ref },
		tall: func(ref string) int {
			switch {
			case strings.Contains(ref, "/music-video/"):
				return 0
			case strings.Contains(ref, "/song/") || strings.Contains(ref, "?i="):
				return 175
			}
			return 450
		}},
	{key: "soundcloud", hosts: []string{"soundcloud.com"},
		find: soundcloud, form: regexp.MustCompile(`^([A-Za-z0-9_-]{1,100}/(sets/)?[A-Za-z0-9_-]{1,255}(/s-[A-Za-z0-9]{1,40})?|(tracks|playlists)/[0-9]{1,20})$`),
		frame: func(ref string) string {
			piece := "https://soundcloud.com/" + ref
			if kind, id, _ := strings.Cut(ref, "/"); (kind == "tracks" || kind == "playlists") && strings.Trim(id, "0123456789") == "" {
				piece = "https://api.soundcloud.com/" + ref
			}
			return "https://w.soundcloud.com/player/?url=" + url.QueryEscape(piece) + "&auto_play=true"
		},
		tall: func(ref string) int {
			if strings.Contains(ref, "/sets/") || strings.HasPrefix(ref, "playlists/") {
				return 450
			}
			return 166
		}},
	{key: "bandcamp", hosts: []string{"bandcamp.com"},
		find: bandcamp, form: regexp.MustCompile(`^(album=[0-9]{1,12}(/track=[0-9]{1,12})?|track=[0-9]{1,12})$`),
		frame: func(ref string) string {
			return "https://bandcamp.com/EmbeddedPlayer/" + ref + "/size=large/tracklist=false/artwork=small/transparent=true/"
		},
		tall: strip(120)},
	{key: "mixcloud", hosts: []string{"mixcloud.com"},
		find: mixcloud, form: regexp.MustCompile(`^[A-Za-z0-9_%-]{1,100}/[A-Za-z0-9_%-]{1,200}$`),
		frame: func(ref string) string {
			return "https://player-widget.mixcloud.com/widget/iframe/?feed=" + url.QueryEscape("/"+ref+"/") + "&autoplay=1"
		},
		tall: strip(120)},
	{key: "audiomack", hosts: []string{"audiomack.com"},
		find: audiomack, form: regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}/(song|album|playlist)/[A-Za-z0-9_-]{1,200}$`),
		frame: func(ref string) string { return "https://audiomack.com/embed/" + ref },
		tall: func(ref string) int {
			if strings.Contains(ref, "/song/") {
				return 252
			}
			return 400
		}},
}
