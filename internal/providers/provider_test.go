package providers

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/model"
)

func TestTables(t *testing.T) {
	keyForm := regexp.MustCompile(`^[a-z][a-z0-9]{0,29}$`)
	pathForm := regexp.MustCompile(`^[Mm][-0-9.MmLlHhVvCcSsQqTtAaZz ,]+$`)
	keys, owner, used := map[string]bool{}, map[string]string{}, map[string]bool{}
	for _, p := range All() {
		if !keyForm.MatchString(p.Key) || keys[p.Key] {
			t.Errorf("key %q is no key, or stands twice", p.Key)
		}
		keys[p.Key] = true
		used[p.Icon.Name] = true
		if p.Name == "" || p.Kind == "" || !pathForm.MatchString(p.Icon.Path) || len(p.Icon.Path) > 1600 {
			t.Errorf("%s lacks a name, a kind or a short icon: %+v", p.Key, p)
		}
	}
	for _, table := range tables {
		for _, s := range table.services {
			if strings.TrimSpace(s.at) == "" {
				t.Errorf("%s is nowhere", s.key)
			}
			for _, at := range strings.Fields(s.at) {
				host, _, _ := strings.Cut(strings.TrimPrefix(at, "="), "/")
				if u, err := model.ParseURL("https://" + host); err != nil || u.Hostname() != host {
					t.Errorf("%s: %q can never be a host: %v", s.key, at, err)
				}
				if was, twice := owner[at]; twice {
					t.Errorf("%s and %s both claim %s", was, s.key, at)
				}
				owner[at] = s.key
				path := strings.ReplaceAll(strings.TrimPrefix(at, "="), "*", "us")
				if got := Detect(model.URL("https://" + path)); got.Key != s.key {
					t.Errorf("https://%s belongs to %s, want %s", path, got.Key, s.key)
				}
			}
		}
	}
	for name := range icons {
		if !used[name] {
			t.Errorf("the icon %s is drawn for nobody", name)
		}
	}
}

func TestEnoughServices(t *testing.T) {
	count := map[Kind]int{}
	for _, p := range All() {
		count[p.Kind]++
	}
	if n := count[Music] + count[Video] + count[Social] + count[Ticket] + count[Shop]; n < 75 {
		t.Errorf("%d music, video, social, ticket and shop services, want 75", n)
	}
	for _, kind := range []Kind{Music, Video, Social, Ticket, Shop, Support, Site} {
		if count[kind] < 10 {
			t.Errorf("%d of kind %s", count[kind], kind)
		}
		if verbs[kind] == "" {
			t.Errorf("no verb for %s", kind)
		}
	}
}

func TestTitle(t *testing.T) {
	for raw, want := range map[string]string{
		"https://open.spotify.com/artist/1":     "Listen on Spotify",
		"https://youtu.be/abc":                  "Watch on YouTube",
		"https://www.instagram.com/inesokafor":  "Follow on Instagram",
		"https://discord.gg/abc":                "Join on Discord",
		"https://www.ticketmaster.de/artist/1":  "Tickets on Ticketmaster",
		"https://www.songkick.com/artists/1":    "Tour dates on Songkick",
		"https://www.etsy.com/shop/ines":        "Shop at Etsy",
		"https://ines.myshopify.com":            "Visit the shop",
		"https://ko-fi.com/ines":                "Support on Ko-fi",
		"https://ines.substack.com":             "Read on Substack",
		"https://ines.lnk.to/SlowHarbour":       "Listen where you like",
		"https://www.inesokafor.example/tour":   "inesokafor.example",
		"https://münchen.example":               "münchen.example",
		"booking@example.com":                   "Write to booking@example.com",
		"+49 30 123456":                         "Call +4930123456",
		"sms:+4930123456?body=x":                "Text +4930123456",
		"https://spotify.com.evil.example/play": "spotify.com.evil.example",
	} {
		u, err := model.ParseURL(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := Title(u); got != want {
			t.Errorf("Title(%s) = %q, want %q", raw, got, want)
		}
	}
}

func TestNetworks(t *testing.T) {
	seen := map[string]bool{}
	for i, p := range Networks() {
		if p.Key == "" || seen[p.Key] {
			t.Errorf("the %d. network, %q, is unknown or stands twice", i+1, networks[i])
		}
		seen[p.Key] = true
		if key, err := CheckNetwork(p.Key); err != nil || key != p.Key {
			t.Errorf("CheckNetwork(%q) = %q, %v", p.Key, key, err)
		}
	}
	if Networks()[0].Key != "instagram" || !seen["website"] || !seen["tiktok"] || !seen["youtube"] {
		t.Error("the usual networks are missing")
	}
	Networks()[0] = Provider{}
	if Networks()[0].Key != "instagram" {
		t.Error("a caller can change the list")
	}
}

func TestCheckNetwork(t *testing.T) {
	for given, want := range map[string]string{
		"instagram": "instagram", " Instagram ": "instagram", "YouTube": "youtube", "Apple Music": "applemusic", "apple-music": "applemusic",
		"apple_music": "applemusic", "twitter": "x", "Twitter": "x", "email": "mail", "E-Mail": "mail", "ko-fi": "kofi", "website": "website",
		"tidal": "tidal", "ticketmaster": "ticketmaster",
	} {
		if got, err := CheckNetwork(given); err != nil || got != want {
			t.Errorf("CheckNetwork(%q) = %q, %v", given, got, err)
		}
	}
	for _, given := range []string{"", " ", "myspace9000", "instagram.com", "<script>", "insta\x00gram", "\xff", "instagrаm", strings.Repeat("x", 1<<20)} {
		if got, err := CheckNetwork(given); err == nil || got != "" || !strings.Contains(err.Error(), "like instagram") {
			t.Errorf("CheckNetwork(%.20q) = %q, %v", given, got, err)
		}
	}
	for other, key := range otherNames {
		if _, ok := ByKey(key); !ok {
			t.Errorf("%s leads to %s, which is unknown", other, key)
		}
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		key  string
		u    model.URL
		want bool
	}{
		{"instagram", "https://www.instagram.com/ines", true},
		{"instagram", "https://open.spotify.com/artist/1", false},
		{"instagram", "https://instagram.com.evil.example/ines", false},
		{"mastodon", "https://mastodon.social/@ines", true},
		{"mastodon", "https://social.example.org/@ines", true},
		{"mastodon", "https://social.example.org/ines", false},
		{"mastodon", "https://www.tiktok.com/@ines", false},
		{"website", "https://open.spotify.com/artist/1", true},
		{"website", "mailto:a@example.com", false},
		{"mail", "mailto:a@example.com", true},
		{"mail", "https://example.com", false},
		{"phone", "tel:+4930123456", true},
		{"nosuch", "https://example.com", false},
	} {
		if got := Fits(c.key, c.u); got != c.want {
			t.Errorf("Fits(%q, %q) = %v", c.key, c.u, got)
		}
	}
}
