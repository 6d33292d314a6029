package providers

import (
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/model"
)

// addresses are what people paste, by the provider they belong to: from address
// bars, share buttons, apps and telephones. Names and ids are made up.
var addresses = map[string]string{
	"spotify": `https://open.spotify.com/artist/4Z8W4fKeB5YxbusRsdQVPb https://open.spotify.com/intl-de/album/2noRn2Aes5aoNVsU6iWThc?si=Yx2
		https://open.spotify.com/track/11dFghVXANMlKmJXsNCbNl?si=a1b2c3&utm_source=copy-link open.spotify.com/playlist/37i9dQZF1DX
		https://spotify.link/AbCdEf123 https://play.spotify.com/artist/4Z8W https://spotify.app.link/xYz https://spoti.fi/3AbCdEf
		https://open.spotify.com/prerelease/2hsUfR https://open.spotify.com/show/5As1`,
	"applemusic": `https://music.apple.com/us/artist/ines-okafor/1492604670 https://music.apple.com/de/album/slow-harbour/1440844662?i=1440844663
		https://geo.music.apple.com/us/album/_/1440844662?app=music https://itunes.apple.com/us/album/slow-harbour/id1440844662
		https://geo.itunes.apple.com/gb/artist/id1492604670 https://itun.es/us/abc https://embed.music.apple.com/us/playlist/pl.u-1
		HTTPS://Music.Apple.com/jp/artist/1492604670`,
	"applepodcasts": `https://podcasts.apple.com/us/podcast/harbour-talk/id1200361736 https://itunes.apple.com/us/podcast/harbour-talk/id1200361736
		https://itunes.apple.com/podcast/id1200361736`,
	"youtube": `https://www.youtube.com/watch?v=dQw4w9WgXcQ https://youtu.be/dQw4w9WgXcQ?si=abc https://m.youtube.com/watch?v=dQw4w9WgXcQ
		https://www.youtube.com/@inesokafor https://youtube.com/shorts/abc123 https://www.youtube.com/channel/UC0WP5P https://youtube.com/c/InesOkafor
		https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ https://www.youtube.com/playlist?list=PL1 youtube.com/live/abc https://gaming.youtube.com/x
		http://youtube.com/user/inesokafor`,
	"youtubemusic": "https://music.youtube.com/channel/UC0WP5P https://music.youtube.com/watch?v=dQw4w9WgXcQ&feature=share music.youtube.com/playlist?list=OLAK5",
	"soundcloud": `https://soundcloud.com/ines-okafor https://soundcloud.com/ines-okafor/sets/slow-harbour https://on.soundcloud.com/AbC1d
		https://m.soundcloud.com/ines-okafor/night-bus https://soundcloud.app.goo.gl/AbCd https://w.soundcloud.com/player/?url=x https://snd.sc/abc`,
	"bandcamp": `https://inesokafor.bandcamp.com https://inesokafor.bandcamp.com/album/slow-harbour https://inesokafor.bandcamp.com/merch
		https://bandcamp.com/inesokafor https://bandcamp.com/EmbeddedPlayer/album=1/`,
	"tidal":        "https://tidal.com/browse/album/77646168 https://listen.tidal.com/artist/9706 https://tidal.com/artist/9706/u https://embed.tidal.com/tracks/1",
	"deezer":       "https://www.deezer.com/us/album/302127 https://deezer.page.link/AbC123 https://link.deezer.com/s/30AbC https://dzr.page.link/x https://www.deezer.com/fr/artist/27",
	"amazonmusic":  "https://music.amazon.com/albums/B0064UPU4G https://music.amazon.co.uk/artists/B000 https://music.amazon.de/tracks/B1 https://music.amazon.co.jp/albums/B1 https://www.amazon.com/music/player/albums/B0064UPU4G https://music.amazon.com.au/albums/B1",
	"qobuz":        "https://www.qobuz.com/us-en/album/slow-harbour/0060254 https://open.qobuz.com/album/0060254 https://play.qobuz.com/artist/1",
	"audiomack":    "https://audiomack.com/ines-okafor/song/night-bus https://www.audiomack.com/ines-okafor",
	"mixcloud":     "https://www.mixcloud.com/inesokafor/harbour-mix/ https://m.mixcloud.com/inesokafor/",
	"beatport":     "https://www.beatport.com/artist/ines-okafor/12345 https://beatport.com/release/slow-harbour/1 https://btprt.dj/3Abc",
	"napster":      "https://play.napster.com/artist/art.1 https://www.napster.com/us/album/1",
	"boomplay":     "https://www.boomplay.com/artists/123 https://www.boomplaymusic.com/share/album/1",
	"anghami":      "https://play.anghami.com/artist/123 https://angha.me/abc https://www.anghami.com/song/1",
	"jiosaavn":     "https://www.jiosaavn.com/artist/ines-okafor-songs/abc https://www.saavn.com/s/song/1",
	"netease":      "https://music.163.com/#/artist?id=6452 https://y.music.163.com/m/song?id=1 http://163cn.tv/AbC",
	"qqmusic":      "https://y.qq.com/n/ryqq/singer/001 https://i.y.qq.com/v8/playsong.html?songid=1 https://c6.y.qq.com/base/fcgi-bin/u?__=abc",
	"joox":         "https://www.joox.com/hk/artist/abc",
	"kkbox":        "https://www.kkbox.com/tw/en/artist/Abc https://kkbox.fm/ab12CD",
	"linemusic":    "https://music.line.me/webapp/artist/mi0000",
	"awa":          "https://s.awa.fm/album/abc",
	"melon":        "https://www.melon.com/artist/timeline.htm?artistId=1",
	"genie":        "https://www.genie.co.kr/detail/artistInfo?xxnm=1",
	"bugs":         "https://music.bugs.co.kr/artist/1",
	"vibe":         "https://vibe.naver.com/artist/1",
	"yandexmusic":  "https://music.yandex.ru/artist/1 https://music.yandex.com/album/1/track/2",
	"vkmusic":      "https://vk.com/music/album/-2000_1",
	"pandora":      "https://www.pandora.com/artist/ines-okafor/ARabc https://pandora.app.link/abc",
	"iheart":       "https://www.iheart.com/artist/ines-okafor-1/ https://ihr.fm/3abc",
	"tunein":       "https://tunein.com/radio/Harbour-FM-s1/ https://tun.in/abc",
	"bbcsounds":    "https://www.bbc.co.uk/sounds/play/m001 https://www.bbc.com/sounds/play/m001",
	"nts":          "https://www.nts.live/shows/ines-okafor",
	"shazam":       "https://www.shazam.com/artist/ines-okafor/1 https://shz.am/t1",
	"genius":       "https://genius.com/artists/Ines-okafor https://genius.com/Ines-okafor-night-bus-lyrics",
	"musixmatch":   "https://www.musixmatch.com/lyrics/Ines-Okafor/Night-Bus",
	"lastfm":       "https://www.last.fm/music/Ines+Okafor https://www.lastfm.de/user/inesokafor",
	"audius":       "https://audius.co/inesokafor",
	"reverbnation": "https://www.reverbnation.com/inesokafor",
	"traxsource":   "https://www.traxsource.com/artist/1/ines-okafor",
	"junodownload": "https://www.junodownload.com/artists/Ines+Okafor/releases/",
	"linkfire":     "https://inesokafor.lnk.to/SlowHarbour https://lnk.to/SlowHarbour",
	"featurefm":    "https://ffm.to/slowharbour https://ffm.bio/inesokafor",
	"distrokid":    "https://distrokid.com/hyperfollow/inesokafor/slow-harbour https://hyperfollow.com/inesokafor",
	"songlink":     "https://song.link/s/abc https://album.link/us/i/1440844662 https://odesli.co/abc",
	"toneden":      "https://fanlink.to/slowharbour https://fanlink.tv/slowharbour",
	"orchard":      "https://orcd.co/slowharbour",

	"vimeo":       "https://vimeo.com/76979871 https://player.vimeo.com/video/76979871 https://vimeo.com/channels/staffpicks/1",
	"twitch":      "https://www.twitch.tv/inesokafor https://m.twitch.tv/inesokafor https://clips.twitch.tv/AbC",
	"kick":        "https://kick.com/inesokafor",
	"dailymotion": "https://www.dailymotion.com/video/x7tgad0 https://dai.ly/x7tgad0",
	"bilibili":    "https://www.bilibili.com/video/BV1xx https://space.bilibili.com/1 https://b23.tv/AbC https://m.bilibili.com/video/BV1xx",
	"niconico":    "https://www.nicovideo.jp/watch/sm9 https://nico.ms/sm9",
	"rumble":      "https://rumble.com/v1abc-night-bus.html",
	"odysee":      "https://odysee.com/@inesokafor:1",

	"instagram": `https://www.instagram.com/inesokafor/ https://instagram.com/inesokafor?igsh=MzRl&utm_source=qr https://instagr.am/p/abc
		https://m.instagram.com/inesokafor https://www.instagram.com/reel/Cabc/ instagram.com/inesokafor https://ig.me/m/inesokafor`,
	"tiktok":     "https://www.tiktok.com/@inesokafor https://vm.tiktok.com/ZMabc/ https://vt.tiktok.com/ZSabc/ https://m.tiktok.com/v/1.html https://www.tiktok.com/t/ZTabc/",
	"facebook":   "https://www.facebook.com/inesokafor https://m.facebook.com/inesokafor https://fb.me/inesokafor https://fb.watch/abc/ https://www.facebook.com/events/1 https://web.facebook.com/inesokafor https://fb.com/inesokafor",
	"messenger":  "https://m.me/inesokafor https://www.messenger.com/t/inesokafor",
	"x":          "https://x.com/inesokafor https://twitter.com/inesokafor https://mobile.twitter.com/inesokafor/status/1 https://www.x.com/inesokafor",
	"threads":    "https://www.threads.net/@inesokafor https://www.threads.com/@inesokafor/post/abc",
	"bluesky":    "https://bsky.app/profile/inesokafor.bsky.social https://inesokafor.bsky.social https://go.bsky.app/abc",
	"mastodon":   "https://mastodon.social/@inesokafor https://mstdn.social/@inesokafor https://mas.to/@inesokafor https://fosstodon.org/@inesokafor",
	"discord":    "https://discord.gg/abc123 https://discord.com/invite/abc123 https://www.discordapp.com/invite/abc",
	"telegram":   "https://t.me/inesokafor https://telegram.me/inesokafor https://t.me/+AbCdEf",
	"whatsapp":   "https://wa.me/4930123456?text=Hi https://chat.whatsapp.com/AbC https://api.whatsapp.com/send?phone=4930123456 https://www.whatsapp.com/channel/0029",
	"signal":     "https://signal.me/#p/+4930123456 https://signal.group/#abc",
	"snapchat":   "https://www.snapchat.com/add/inesokafor https://t.snapchat.com/abc",
	"reddit":     "https://www.reddit.com/r/inesokafor/ https://old.reddit.com/user/inesokafor https://redd.it/abc https://reddit.app.link/abc",
	"pinterest":  "https://www.pinterest.com/inesokafor/ https://pin.it/abc https://www.pinterest.de/inesokafor/ https://de.pinterest.com/inesokafor/",
	"tumblr":     "https://inesokafor.tumblr.com https://www.tumblr.com/inesokafor https://tmblr.co/abc",
	"linkedin":   "https://www.linkedin.com/in/inesokafor/ https://lnkd.in/abc https://de.linkedin.com/in/inesokafor",
	"weverse":    "https://weverse.io/inesokafor/artist",
	"line":       "https://line.me/R/ti/p/@inesokafor https://lin.ee/abc https://page.line.me/inesokafor",
	"wechat":     "https://mp.weixin.qq.com/s/abc https://u.wechat.com/abc",
	"kakaotalk":  "https://open.kakao.com/o/abc https://pf.kakao.com/_abc",
	"vk":         "https://vk.com/inesokafor https://m.vk.com/inesokafor https://vk.me/inesokafor",
	"weibo":      "https://weibo.com/u/1 https://m.weibo.cn/u/1 https://www.weibo.com/inesokafor",
	"douyin":     "https://www.douyin.com/user/abc https://v.douyin.com/abc/",
	"letterboxd": "https://letterboxd.com/inesokafor/ https://boxd.it/abc",
	"flickr":     "https://www.flickr.com/photos/inesokafor/ https://flic.kr/p/abc",

	"bandsintown":     "https://www.bandsintown.com/a/1-ines-okafor https://bandsintown.com/e/1 https://bnds.us/abc",
	"songkick":        "https://www.songkick.com/artists/1-ines-okafor https://m.songkick.com/de/artists/1",
	"ticketmaster":    "https://www.ticketmaster.com/ines-okafor-tickets/artist/1 https://www.ticketmaster.de/artist/ines-okafor-tickets/1 https://ticketmaster.co.uk/event/1 https://shop.ticketmaster.com.au/x",
	"livenation":      "https://www.livenation.com/artist/K8v/ines-okafor-events https://livemu.sc/3abc https://www.livenation.co.uk/artist-1",
	"dice":            "https://dice.fm/artist/ines-okafor-abc https://link.dice.fm/abc https://dice.fm/event/abc",
	"eventbrite":      "https://www.eventbrite.com/e/night-bus-tickets-1 https://www.eventbrite.co.uk/e/1 https://inesokafor.eventbrite.com https://www.eventbrite.com.au/e/1",
	"seetickets":      "https://www.seetickets.com/tour/ines-okafor https://wl.seetickets.us/event/1",
	"axs":             "https://www.axs.com/artists/1/ines-okafor-tickets https://tix.axs.com/abc",
	"eventim":         "https://www.eventim.de/artist/ines-okafor/ https://www.eventim.co.uk/artist/ines-okafor/ https://www.oeticket.com/artist/ines-okafor https://www.eventim-light.com/de/a/1/e/1",
	"residentadvisor": "https://ra.co/dj/inesokafor https://ra.co/events/1 https://de.ra.co/events/1 https://www.residentadvisor.net/dj/inesokafor",
	"skiddle":         "https://www.skiddle.com/artists/ines-okafor-1/ https://www.skiddle.com/e/1",
	"ticketek":        "https://premier.ticketek.com.au/shows/show.aspx?sh=INES",
	"stubhub":         "https://www.stubhub.com/ines-okafor-tickets/performer/1 https://www.stubhub.co.uk/x",
	"seated":          "https://link.seated.com/abc https://go.seated.com/tour-reminders/abc",
	"ticketweb":       "https://www.ticketweb.com/event/night-bus/1 https://www.ticketweb.uk/event/1",
	"tixr":            "https://www.tixr.com/groups/harbour/events/night-bus-1",
	"ticketswap":      "https://www.ticketswap.com/event/night-bus/abc",
	"shotgun":         "https://shotgun.live/en/events/night-bus",
	"pia":             "https://t.pia.jp/pia/artist/artists.do?artistsCd=1",
	"eplus":           "https://eplus.jp/sf/detail/1",
	"interpark":       "https://tickets.interpark.com/goods/1",
	"melonticket":     "https://ticket.melon.com/performance/index.htm?prodId=1",
	"luma":            "https://lu.ma/abc https://luma.com/abc",
	"meetup":          "https://www.meetup.com/harbour-music/events/1/",

	"etsy":       "https://www.etsy.com/shop/InesOkafor https://inesokafor.etsy.com https://etsy.me/3abc https://www.etsy.com/de/listing/1",
	"shopify":    "https://ines-okafor.myshopify.com/products/tee",
	"shop":       "https://shop.app/m/abc",
	"bigcartel":  "https://inesokafor.bigcartel.com/product/tee",
	"merchbar":   "https://www.merchbar.com/soul/ines-okafor",
	"amazon":     "https://www.amazon.com/dp/B0064UPU4G https://www.amazon.de/dp/B0064UPU4G https://amzn.to/3abc https://smile.amazon.co.uk/dp/B1 https://amzn.eu/d/abc https://a.co/d/abc https://www.amazon.com/musicals/b",
	"ebay":       "https://www.ebay.com/usr/inesokafor https://www.ebay.de/itm/1 https://ebay.us/abc https://www.ebay.co.uk/itm/1",
	"discogs":    "https://www.discogs.com/artist/1-Ines-Okafor https://www.discogs.com/release/1",
	"everpress":  "https://everpress.com/ines-okafor-tee",
	"gumroad":    "https://inesokafor.gumroad.com/l/stems https://gum.co/abc",
	"spring":     "https://ines-okafor.creator-spring.com https://teespring.com/stores/ines",
	"roughtrade": "https://www.roughtrade.com/en-gb/product/ines-okafor/slow-harbour",
	"juno":       "https://www.juno.co.uk/products/ines-okafor/1/",
	"beatstars":  "https://www.beatstars.com/inesokafor https://bsta.rs/abc",

	"patreon":        "https://www.patreon.com/inesokafor https://patreon.com/c/inesokafor",
	"kofi":           "https://ko-fi.com/inesokafor",
	"buymeacoffee":   "https://www.buymeacoffee.com/inesokafor https://buymeacoffee.com/inesokafor https://coff.ee/inesokafor",
	"gofundme":       "https://www.gofundme.com/f/slow-harbour https://gofund.me/abc",
	"kickstarter":    "https://www.kickstarter.com/projects/inesokafor/slow-harbour https://kck.st/3abc",
	"paypal":         "https://www.paypal.com/paypalme/inesokafor https://paypal.me/inesokafor https://www.paypal.com/donate/?hosted_button_id=A",
	"venmo":          "https://venmo.com/u/inesokafor https://account.venmo.com/u/inesokafor",
	"cashapp":        "https://cash.app/$inesokafor",
	"stripe":         "https://buy.stripe.com/abc https://donate.stripe.com/abc",
	"githubsponsors": "https://github.com/sponsors/inesokafor",

	"substack":   "https://inesokafor.substack.com https://substack.com/@inesokafor https://open.substack.com/pub/inesokafor/p/1",
	"medium":     "https://medium.com/@inesokafor https://inesokafor.medium.com/night-bus-1 https://link.medium.com/abc",
	"wikipedia":  "https://en.wikipedia.org/wiki/Soul_music https://de.m.wikipedia.org/wiki/Soul",
	"imdb":       "https://www.imdb.com/name/nm1/ https://m.imdb.com/title/tt1/",
	"linktree":   "https://linktr.ee/inesokafor",
	"setlistfm":  "https://www.setlist.fm/setlists/ines-okafor-1.html",
	"googlemaps": "https://maps.app.goo.gl/abc https://www.google.com/maps/place/Harbour https://goo.gl/maps/abc https://maps.google.com/?q=x",
	"mailchimp":  "https://mailchi.mp/abc/letter http://eepurl.com/abc",
	"archive":    "https://archive.org/details/inesokafor https://web.archive.org/web/2020/https://example.com",
	"github":     "https://github.com/inesokafor",

	Website: `https://example.com https://inesokafor.com/tour inesokafor.band https://www.apple.com/ https://apple.co/abc https://t.co/abc https://bit.ly/abc
		https://example.goo.gl/abc https://soundcloud-fan.app.goo.gl/x https://shop.example.com https://www.bbc.co.uk/news https://www.google.com/search?q=spotify
		https://sites.google.com/view/ines https://inesokafor.github.io https://stripe.com/ https://bucket.s3.amazonaws.com/x https://example.org/@ines`,
	MailAddress: "mailto:booking@example.com booking@spotify.com mailto:a@instagram.com?subject=x",
	PhoneNumber: "tel:+4930123456 +4930123456",
	TextMessage: "sms:+4930123456",
}

func TestDetect(t *testing.T) {
	n := 0
	for key, list := range addresses {
		for _, raw := range strings.Fields(list) {
			n++
			u, err := model.ParseURL(raw)
			if err != nil {
				t.Errorf("%s: %v", raw, err)
				continue
			}
			if got := Detect(u); got.Key != key {
				t.Errorf("%s belongs to %q, want %q", raw, got.Key, key)
			}
		}
	}
	if n < 200 {
		t.Errorf("only %d addresses", n)
	}
}

// None of these is what it looks like.
func TestDetectIsNotFooled(t *testing.T) {
	for _, raw := range strings.Fields(`
		https://spotify.com.evil.example/artist/1 https://open.spotify.com.evil.example https://evil.example/open.spotify.com
		https://evil.example/?u=https://open.spotify.com/artist/1 https://evil.example/#open.spotify.com https://notspotify.com https://spotify-com.example
		https://openspotify.com https://open-spotify.com https://spotify.evil.example https://spotify.co https://spotify.comm.example https://xspotify.com
		https://myx.com https://netflix.com https://fx.com https://box.com https://at.me https://not.me https://it.me https://fb.me.example
		https://notinstagram.com https://instagram.com.example https://instagram-login.example https://lnstagram.com https://instagram.co
		https://youtube.com.ru.example https://youtu.be.example https://music.youtube.com.example https://ticketmaster.evil.example
		https://ticketmaster.xyz https://amazon.xyz https://amazon.com.evil.example https://music.amazon.com.example https://eventbrite.example
		https://paypal.com.secure.example https://paypal-me.example https://paypai.com https://evil.example:443/open.spotify.com
		https://spotify.link.example https://page.link https://evil.page.link https://evil.app.goo.gl https://evil.deezer.page.link
		https://ѕроtifу.com https://spotífy.com https://xn--spotfy-4va.com https://іnstagram.com https://ｅvil.example
		https://bandcamp.com.evil.example https://inesokafor-bandcamp.com https://myshopify.com.example https://github.io
		https://mastodon.evil.example/@ines https://wikipedia.org.example https://vk.com.example/music https://evil.example/vk.com/music`) {
		u, err := model.ParseURL(raw)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		if p := Detect(u); p.Key != Website {
			t.Errorf("%s passes for %s", raw, p.Name)
		}
	}
	// Letters that browsers themselves read as plain ones are the real host.
	if u, err := model.ParseURL("https://ｏｐｅｎ．ｓｐｏｔｉｆｙ．ｃｏｍ/x"); err != nil || Detect(u).Key != "spotify" || u != "https://open.spotify.com/x" {
		t.Errorf("full-width letters: %q, %v", u, err)
	}
}

func TestDetectOfTheUnread(t *testing.T) {
	for _, u := range []model.URL{"", ":", "https://", "https://.", "https://..com", "mailto:", "x", "https:///", "https://com"} {
		if p := Detect(u); p.Key == "" || p.Icon.Path == "" {
			t.Errorf("Detect(%q) = %+v", u, p)
		}
	}
}

func FuzzDetect(f *testing.F) {
	for _, list := range addresses {
		for _, raw := range strings.Fields(list) {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw string) {
		check := func(u model.URL) {
			p := Detect(u)
			if q, ok := ByKey(p.Key); !ok || q != p || p.Icon.Path == "" || p.Name == "" {
				t.Fatalf("Detect(%q) = %+v", u, p)
			}
			// Whatever stands in path, query or fragment, the host decides which service.
			if p.Key != Website && u.LeadsOut() && !underAny(u.Hostname(), p.Key) {
				t.Fatalf("Detect(%q) = %s, which has no such host", u, p.Key)
			}
			if !Fits(p.Key, u) {
				t.Fatalf("%q does not fit its own %s", u, p.Key)
			}
		}
		check(model.URL(raw)) // anything, so that nothing panics
		if u, err := model.ParseURL(raw); err == nil {
			check(u)
			if title := Title(u); title == "" || strings.ContainsAny(title, "\r\n\x00") {
				t.Fatalf("Title(%q) = %q", u, title)
			}
		}
	})
}

// underAny looks a host up in the tables themselves, without the index.
func underAny(host, key string) bool {
	for _, table := range tables {
		for _, s := range table.services {
			if s.key != key {
				continue
			}
			for _, at := range strings.Fields(s.at) {
				name, _, _ := strings.Cut(strings.TrimPrefix(at, "="), "/")
				if host == name || strings.HasSuffix(host, "."+name) && !strings.HasPrefix(at, "=") {
					return true
				}
			}
		}
	}
	return false
}
