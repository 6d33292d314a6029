package model

import (
	"net/url"
	"strings"
	"testing"
)

func TestRecognisePlayer(t *testing.T) {
	t.Parallel()
	const yt, album = "dQw4w9WgXcQ", "4aawyAB9vmqN3uQ7FjRGTy"
	for _, c := range []struct{ pasted, service, ref, page string }{
		{"https://www.youtube.com/watch?v=" + yt + "&t=42s", "youtube", yt, "https://www.youtube.com/watch?v=" + yt + "&t=42s"},
		{"youtu.be/" + yt + "?si=abc", "youtube", yt, "https://youtu.be/" + yt + "?si=abc"},
		{"https://m.youtube.com/shorts/" + yt, "youtube", yt, ""},
		{"https://youtube.com/live/" + yt, "youtube", yt, ""},
		{"https://www.youtube-nocookie.com/embed/" + yt, "youtube", yt, "https://www.youtube.com/watch?v=" + yt},
		{"https://www.youtube.com/playlist?list=PLabc_-1", "youtube", "list/PLabc_-1", ""},
		{"https://vimeo.com/123456789", "vimeo", "123456789", ""},
		{"https://vimeo.com/123456789/abcdef0123", "vimeo", "123456789/abcdef0123", ""},
		{"https://vimeo.com/channels/staffpicks/123456789", "vimeo", "123456789", ""},
		{"https://player.vimeo.com/video/123456789?h=abcdef0123", "vimeo", "123456789/abcdef0123", "https://vimeo.com/123456789/abcdef0123"},
		{"https://open.spotify.com/intl-de/album/" + album + "?si=x", "spotify", "album/" + album, ""},
		{"https://open.spotify.com/embed/track/" + album, "spotify", "track/" + album, "https://open.spotify.com/track/" + album},
		{"https://music.apple.com/gb/album/slow-harbour/1440857781?i=1440857786", "applemusic", "gb/album/1440857781?i=1440857786", ""},
		{"https://embed.music.apple.com/us/playlist/x/pl.abc123", "applemusic", "us/playlist/pl.abc123", "https://music.apple.com/us/playlist/pl.abc123"},
		{"https://soundcloud.com/ines/night-bus", "soundcloud", "ines/night-bus", ""},
		{"https://soundcloud.com/ines/sets/harbour", "soundcloud", "ines/sets/harbour", ""},
		{"https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123", "soundcloud", "tracks/123", ""},
		{"https://ines.bandcamp.com/album/slow-harbour", "bandcamp", "", "https://ines.bandcamp.com/album/slow-harbour"},
		{"https://bandcamp.com/EmbeddedPlayer/album=123/size=large/bgcol=ffffff/track=456/", "bandcamp", "album=123/track=456", ""},
		{`<iframe style="border: 0" src="https://bandcamp.com/EmbeddedPlayer/album=123/size=large/" seamless><a href="https://ines.bandcamp.com/album/slow-harbour">Slow Harbour</a></iframe>`,
			"bandcamp", "album=123", "https://ines.bandcamp.com/album/slow-harbour"},
		{`<iframe width="560" src="//www.youtube.com/embed/` + yt + `?a=1&amp;b=2"></iframe>`, "youtube", yt, "https://www.youtube.com/watch?v=" + yt},
		{`<iframe src="https://open.spotify.com/embed/album/` + album + `"><a href="https://evil.example/">x</a></iframe>`, "spotify", "album/" + album, "https://open.spotify.com/album/" + album},
		{"https://www.mixcloud.com/ines/harbour-radio-14/", "mixcloud", "ines/harbour-radio-14", ""},
		{"https://audiomack.com/ines/song/night-bus", "audiomack", "ines/song/night-bus", ""},
		{"https://audiomack.com/embed/album/ines/slow-harbour", "audiomack", "ines/album/slow-harbour", "https://audiomack.com/ines/album/slow-harbour"},
	} {
		page, player, err := RecognisePlayer(c.pasted)
		if err != nil || player != (Player{c.service, c.ref}) {
			t.Errorf("%s: %+v %v", c.pasted, player, err)
			continue
		}
		if c.page != "" && string(page) != c.page {
			t.Errorf("%s leads to %s, want %s", c.pasted, page, c.page)
		}
		frame := player.Frame()
		if (frame == "") != (c.ref == "") || frame != "" && !strings.HasPrefix(frame, "https://") {
			t.Errorf("%s plays at %q", c.pasted, frame)
		}
		// The page stands for the same piece.
		if again, same, err := RecognisePlayer(string(page)); err != nil || again != page || same.Ref != "" && same != player {
			t.Errorf("%s again: %s %+v %v", page, again, same, err)
		}
	}
}

func TestWhatCannotBePlayed(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", "https://example.com", "https://youtube.com", "https://www.youtube.com/@ines", "https://www.youtube.com/watch?v=<script>", "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
		"https://vimeo.com/ines", "https://open.spotify.com/user/ines", "https://open.spotify.com/album/../../x", "https://open.spotify.com/album/short",
		"https://music.apple.com/gb/artist", "https://soundcloud.com/ines", "https://soundcloud.com/ines/likes", "https://on.soundcloud.com/abc",
		"https://w.soundcloud.com/player/?url=https%3A//evil.example/x", "https://ines.bandcamp.com/", "https://bandcamp.com/EmbeddedPlayer/album=x/",
		"https://www.mixcloud.com/ines/uploads", "https://audiomack.com/ines", "mailto:ines@example.com", "javascript:alert(1)", `<iframe src="javascript:alert(1)">`,
		`<iframe srcdoc="<script>" src="https://evil.example/">`, strings.Repeat("<iframe ", 5000),
	} {
		if _, player, err := RecognisePlayer(raw); err == nil {
			t.Errorf("%.80q plays %+v", raw, player)
		}
	}
	// A player that was stored by hand, or by a newer version, reaches no frame.
	for _, p := range []Player{{"youtube", `x"><script>`}, {"youtube", "../../evil"}, {"spotify", "album/../x"}, {"radio", "1"}, {"bandcamp", "album=1/../../x"}, {}} {
		if frame := p.Frame(); frame != "" {
			t.Errorf("%+v plays at %s", p, frame)
		}
	}
}

func TestEachPlayerHasTheHeightOfItsService(t *testing.T) {
	t.Parallel()
	const id = "/4aawyAB9vmqN3uQ7FjRGTy"
	for p, want := range map[Player]int{
		{"spotify", "track" + id}: 152, {"spotify", "episode" + id}: 152, {"spotify", "show" + id}: 152,
		{"spotify", "album" + id}: 352, {"spotify", "playlist" + id}: 352, {"spotify", "artist" + id}: 352,
		{"applemusic", "gb/song/12"}: 175, {"applemusic", "gb/album/12?i=34"}: 175, {"applemusic", "gb/album/12"}: 450, {"applemusic", "gb/playlist/pl.u-1"}: 450,
		{"applemusic", "gb/music-video/12"}: 0,
		{"soundcloud", "ines/fog"}:          166, {"soundcloud", "tracks/12"}: 166, {"soundcloud", "ines/sets/fog"}: 450, {"soundcloud", "playlists/12"}: 450,
		{"bandcamp", "album=12"}: 120, {"bandcamp", "album=12/track=3"}: 120, {"mixcloud", "ines/fog"}: 120,
		{"audiomack", "ines/song/fog"}: 252, {"audiomack", "ines/album/fog"}: 400, {"audiomack", "ines/playlist/fog"}: 400,
		{"youtube", "dQw4w9WgXcQ"}: 0, {"vimeo", "12"}: 0,
		{"spotify", "album/../x"}: 0, {"radio", "1"}: 0, {"soundcloud", ""}: 0, {}: 0,
	} {
		if got := p.Tall(); got != want {
			t.Errorf("%+v is %d high, not %d", p, got, want)
		}
		if p.Frame() != "" && p.Wide() != (want == 0) {
			t.Errorf("%+v: wide is %v", p, p.Wide())
		}
	}
	// What says only with its embed code what it plays is a strip all the same.
	if (Player{Service: "bandcamp"}).Wide() {
		t.Error("a page of Bandcamp is a picture")
	}
}

// Whatever is pasted, the frame's address is one of ours, whole.
func FuzzRecognisePlayer(f *testing.F) {
	for _, seed := range []string{"https://youtu.be/dQw4w9WgXcQ", "https://vimeo.com/1/abcdef", `<iframe src="https://bandcamp.com/EmbeddedPlayer/album=1/">`,
		"https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b%23", "https://www.mixcloud.com/a/b%2F..", "https://music.apple.com/gb/album/x/1?i=2"} {
		f.Add(seed)
	}
	hosts := map[string]bool{"www.youtube-nocookie.com": true, "player.vimeo.com": true, "open.spotify.com": true, "embed.music.apple.com": true,
		"w.soundcloud.com": true, "bandcamp.com": true, "player-widget.mixcloud.com": true, "audiomack.com": true}
	f.Fuzz(func(t *testing.T, raw string) {
		page, player, err := RecognisePlayer(raw)
		if err != nil {
			return
		}
		if _, err := ParseURL(string(page)); err != nil || !page.LeadsOut() {
			t.Fatalf("%q leads to %q", raw, page)
		}
		if player.Ref == "" {
			return
		}
		u, err := url.Parse(player.Frame())
		if err != nil || u.Scheme != "https" || !hosts[u.Host] || u.User != nil || u.Fragment != "" || strings.Contains(u.Path, "..") {
			t.Fatalf("%q plays at %q", raw, player.Frame())
		}
	})
}
