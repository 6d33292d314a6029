package fan

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/hlpfl/platform/internal/model"
)

func sample(t *testing.T, name string) Page {
	t.Helper()
	samples := Samples(testSupply())
	i := slices.IndexFunc(samples, func(s Sample) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("there is no sample %s", name)
	}
	return samples[i].Page
}

// What may be asked of others stands in the page's policy, and nothing else does.
func TestPlayersAreAllowedWhereTheyAre(t *testing.T) {
	made := themes(t, "https://cdn.example.com")
	for name, want := range map[string]string{
		"players":  "frame-src https://open.spotify.com https://player-widget.mixcloud.com https://player.vimeo.com https://www.youtube-nocookie.com",
		"to-come":  "frame-src https://www.youtube-nocookie.com",
		"normal":   "",
		"one-link": "",
	} {
		page := sample(t, name)
		_, csp, err := made.Render(page)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, part := range strings.Split(csp, "; ") {
			if strings.HasPrefix(part, "frame-src") {
				got = part
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		page.Preview = true
		if html, csp, err := made.Render(page); err != nil || strings.Contains(csp, "frame-src") || strings.Contains(string(html), "data-frame") || strings.Contains(string(html), "player") && strings.Contains(string(html), "<script") {
			t.Errorf("%s: a preview plays: %s (%v)", name, csp, err)
		}
	}
}

// No page asks anybody else for anything by itself: neither frames nor pictures, and
// the script comes only where there is something to play or to count down to.
func TestNothingIsAskedOfOthersBeforeATap(t *testing.T) {
	made := themes(t, "")
	for _, s := range Samples(testSupply()) {
		d := draw(t, made, s.Page)
		if n := len(d.all("iframe")); n != 0 {
			t.Errorf("%s has %d frames", s.Name, n)
		}
		for _, tag := range []string{"img", "script", "link", "source"} {
			for _, n := range d.all(tag) {
				for _, key := range []string{"src", "srcset", "href"} {
					if v := attr(n, key); strings.Contains(v, "//") && attr(n, "rel") != "canonical" {
						t.Errorf("%s asks for %s", s.Name, v)
					}
				}
			}
		}
		script := slices.ContainsFunc(d.all("script"), func(n *html.Node) bool { return strings.Contains(attr(n, "src"), "player") })
		moves := slices.ContainsFunc(s.Page.Blocks, func(b Block) bool { return b.Frame != "" || !b.Out.IsZero() })
		if script != moves {
			t.Errorf("%s: the script is there: %v", s.Name, script)
		}
		for _, f := range d.class("facade") {
			if attr(f, "href") == "" || attr(f, "data-link") != "" {
				t.Errorf("%s: without a script the player is no link: %v", s.Name, f.Attr)
			}
		}
	}
}

func TestShowsSayTheirState(t *testing.T) {
	made := themes(t, "")
	d := draw(t, made, sample(t, "dates"))
	var got []string
	for _, n := range d.class("date") {
		text := strings.Join(strings.Fields(inner(n)), " ")
		got = append(got, strings.TrimPrefix(attr(n, "class"), "date")+"|"+text)
	}
	for i, want := range []string{
		"|12 Dec 21:00 Lisbon Musicbox Tickets for Lisbon, 12 December 2099 VIP for Lisbon, 12 December 2099 Calendar",
		" sold-out|14 Dec 20:30 Paris La Maroquinerie Sold out Calendar",
		" cancelled|16 Dec 20:00 Berlin Lido Cancelled Calendar",
		" postponed|18 Dec 19:30 Oslo Blå Postponed Calendar",
		"|22 Dec 22:00 Lagos Freedom Park Free entry for Lagos",
		"|29 Dec 20:00 Leeds Brudenell Social Club Presale for Leeds, 29 December 2099 On sale 1 December, 10:00 Calendar",
	} {
		if i >= len(got) || !strings.HasPrefix(got[i], want) {
			t.Errorf("date %d reads %q, want %q", i, got[min(i, len(got)-1)], want)
		}
	}
	if feed := d.class("feed"); len(feed) != 1 || !strings.HasPrefix(attr(feed[0], "href"), "webcal://hlpfl.example/c/") {
		t.Errorf("the feed is %v", feed)
	}
}

func TestOurWordsAreInThePagesLanguage(t *testing.T) {
	at := time.Date(2026, 12, 4, 0, 0, 0, 0, time.UTC)
	for lang, want := range map[string][2]string{
		"en": {"Out 4 December 2026", "On sale 4 December, 00:00"}, "ja": {"2026年12月4日発売", "12月4日, 00:00発売開始"}, "ar": {"يصدر في 4 ديسمبر 2026", "يبدأ البيع في 4 ديسمبر, 00:00"},
	} {
		p := translations[lang]
		if p.outOn(at) != want[0] || p.onSaleOn(at) != want[1] {
			t.Errorf("%s: %q, %q", lang, p.outOn(at), p.onSaleOn(at))
		}
		for _, kind := range []model.TicketKind{model.TicketSale, model.TicketPresale, model.TicketVIP, model.TicketFree, "a newer one"} {
			if p.ticket(kind) == "" {
				t.Errorf("%s has no word for %s", lang, kind)
			}
		}
		for _, status := range []model.ShowStatus{model.ShowSoldOut, model.ShowCancelled, model.ShowPostponed} {
			if p.status(status) == "" {
				t.Errorf("%s has no word for %s", lang, status)
			}
		}
	}
	// Where we have none, they are marked as English.
	page := sample(t, "everything")
	page.Lang = "pt"
	d := draw(t, themes(t, ""), page)
	for _, class := range []string{"feed", "save", "ticket", "calendar"} {
		for _, n := range d.class(class) {
			if attr(n, "lang") != "en" {
				t.Errorf("%s on a page in Portuguese: %v", class, n.Attr)
			}
		}
	}
}

func TestHostileBlocks(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'</style>`
	page := normal()
	page.Blocks = []Block{
		{Kind: KindText, Text: "**" + evil + "**\n- " + evil},
		{Kind: KindImage, Picture: &Picture{Src: "javascript:alert(1)", Alt: evil, Width: 1, Height: 1}, Note: evil},
		{Kind: KindContact, Title: evil, Note: evil, Ways: []Way{{Title: evil, Figure: evil, Href: "javascript:alert(1)", DataLink: evil}}, Save: "javascript:alert(1)"},
		{Kind: KindFAQ, Title: evil, Questions: []model.Question{{Question: evil, Answer: evil}}},
		{Kind: KindMerch, Title: evil, Price: evil, Href: "data:text/html,x"},
		{Kind: KindVideo, Title: evil, Network: evil, Figure: evil, Href: "/r/x", Frame: "javascript:alert(1)"},
		{Kind: KindEmbed, Title: evil, Href: "/r/x", Frame: `https://evil.example; script-src *`},
		{Kind: KindRelease, Title: evil, Note: evil, Services: []Social{{Network: evil, Label: evil, Href: "vbscript:x"}}},
		{Kind: KindTour, Title: evil, Save: "javascript:alert(1)", Shows: []Show{{City: evil, Venue: evil, Status: model.ShowStatus(evil), Calendar: "//evil.example", Tickets: []Ticket{{Kind: model.TicketKind(evil), Href: "javascript:alert(1)"}}}}},
	}
	made := themes(t, "")
	d := draw(t, made, page)
	for _, n := range d.all("script") {
		if attr(n, "src") == "" || inner(n) != "" {
			t.Errorf("a script of a stranger's: %v", n.Attr)
		}
	}
	for n := range d.root.Descendants() {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "href" && (strings.HasPrefix(a.Val, "javascript:") || strings.HasPrefix(a.Val, "vbscript:") || strings.HasPrefix(a.Val, "data:") || strings.HasPrefix(a.Val, "//")) {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
	}
	_, csp, err := made.Render(page)
	if err != nil || strings.Contains(csp, "evil") || strings.Contains(csp, "javascript") {
		t.Errorf("the policy is %s (%v)", csp, err)
	}
}
