package model

import (
	"net/url"
	"strings"
)

func youtube(host, path string, query url.Values) (ref, page string, ok bool) {
	steps := strings.Split(path, "/")
	switch {
	case host == "youtu.be" || strings.HasSuffix(host, ".youtu.be"):
		return steps[0], "", steps[0] != ""
	case path == "watch":
		return query.Get("v"), "", query.Get("v") != ""
	case path == "playlist" || path == "embed/videoseries":
		list := query.Get("list")
		return "list/" + list, "https://www.youtube.com/playlist?list=" + list, list != ""
	case len(steps) >= 2 && (steps[0] == "shorts" || steps[0] == "live"):
		return steps[1], "", true
	case len(steps) >= 2 && (steps[0] == "embed" || steps[0] == "v"):
		return steps[1], "https://www.youtube.com/watch?v=" + steps[1], true
	}
	return "", "", false
}

// vimeo reads vimeo.com/123, /123/hash of an unlisted one, /channels/name/123 and
// the player's own address.
func vimeo(_, path string, query url.Values) (ref, page string, ok bool) {
	steps := strings.Split(path, "/")
	for i, step := range steps {
		if step == "" || strings.Trim(step, "0123456789") != "" {
			continue
		}
		ref = step
		switch {
		case query.Get("h") != "":
			ref += "/" + query.Get("h")
		case i == 0 && len(steps) > 1:
			ref += "/" + steps[1]
		}
		if i > 0 && steps[0] == "video" {
			page = "https://vimeo.com/" + ref
		}
		return ref, page, true
	}
	return "", "", false
}

func spotify(_, path string, _ url.Values) (ref, page string, ok bool) {
	steps := strings.Split(path, "/")
	embedded := steps[0] == "embed"
	if embedded || strings.HasPrefix(steps[0], "intl-") {
		steps = steps[1:]
	}
	if len(steps) < 2 {
		return "", "", false
	}
	ref = steps[0] + "/" + steps[1]
	if embedded {
		page = "https://open.spotify.com/" + ref
	}
	return ref, page, true
}

// apple reads music.apple.com/gb/album/slow-harbour/123?i=456; the name in the
// middle may be absent.
func apple(host, path string, query url.Values) (ref, page string, ok bool) {
	steps := strings.Split(path, "/")
	if len(steps) != 3 && len(steps) != 4 {
		return "", "", false
	}
	ref = strings.ToLower(steps[0]) + "/" + steps[1] + "/" + steps[len(steps)-1]
	if song := query.Get("i"); song != "" {
		ref += "?i=" + song
	}
	if host == "embed.music.apple.com" {
		page = "https://music.apple.com/" + ref
	}
	return ref, page, true
}

// notOfPeople are first steps of soundcloud.com's paths that are no people's names.
var notOfPeople = map[string]bool{"discover": true, "search": true, "you": true, "charts": true, "pages": true, "stream": true, "upload": true, "terms-of-use": true}

func soundcloud(host, path string, query url.Values) (ref, page string, ok bool) {
	if host == "on.soundcloud.com" || host == "help.soundcloud.com" {
		return "", "", false // shortened: nobody but the service knows where it leads
	}
	if host == "w.soundcloud.com" {
		u, err := url.Parse(query.Get("url"))
		if err != nil || path != "player" {
			return "", "", false
		}
		switch u.Hostname() {
		case "soundcloud.com":
			ref, _, ok = soundcloud(u.Hostname(), strings.Trim(u.EscapedPath(), "/"), nil)
			return ref, "https://soundcloud.com/" + ref, ok
		case "api.soundcloud.com":
			return strings.Trim(u.EscapedPath(), "/"), "", true
		}
		return "", "", false
	}
	steps := strings.Split(path, "/")
	if len(steps) < 2 || notOfPeople[steps[0]] || steps[1] == "sets" && len(steps) < 3 {
		return "", "", false
	}
	switch steps[1] {
	case "tracks", "albums", "popular-tracks", "reposts", "likes", "following", "followers":
		return "", "", false
	}
	return path, "", true
}

// bandcamp reads the embed code's address; a page names no player.
func bandcamp(host, path string, _ url.Values) (ref, page string, ok bool) {
	rest, player := strings.CutPrefix(path, "EmbeddedPlayer/")
	if !player {
		kind, name, _ := strings.Cut(path, "/")
		return "", "", host != "bandcamp.com" && (kind == "album" || kind == "track") && name != ""
	}
	var album, track string
	for step := range strings.SplitSeq(rest, "/") {
		switch key, value, _ := strings.Cut(step, "="); key {
		case "album":
			album = step
		case "track":
			if value != "" {
				track = step
			}
		}
	}
	ref = strings.Trim(album+"/"+track, "/")
	return ref, "https://bandcamp.com/EmbeddedPlayer/" + ref, ref != ""
}

func mixcloud(_, path string, query url.Values) (ref, page string, ok bool) {
	if feed := query.Get("feed"); strings.HasPrefix(path, "widget/iframe") && feed != "" {
		if u, err := url.Parse(feed); err == nil {
			ref = strings.Trim(u.EscapedPath(), "/")
		}
		return ref, "https://www.mixcloud.com/" + ref + "/", ref != ""
	}
	steps := strings.Split(path, "/")
	if len(steps) != 2 || steps[0] == "discover" || steps[0] == "genres" {
		return "", "", false
	}
	switch steps[1] {
	case "uploads", "favorites", "listens", "playlists", "stream":
		return "", "", false
	}
	return path, "", true
}

// audiomack reads audiomack.com/artist/song/name, the order that it once had
// (song/artist/name), and both with embed before them.
func audiomack(_, path string, _ url.Values) (ref, page string, ok bool) {
	path, embedded := strings.CutPrefix(path, "embed/")
	steps := strings.Split(path, "/")
	if len(steps) != 3 {
		return "", "", false
	}
	kind := func(step string) bool { return step == "song" || step == "album" || step == "playlist" }
	if kind(steps[0]) && !kind(steps[1]) {
		steps[0], steps[1] = steps[1], steps[0]
	}
	ref = strings.Join(steps, "/")
	if embedded {
		page = "https://audiomack.com/" + ref
	}
	return ref, page, kind(steps[1])
}
