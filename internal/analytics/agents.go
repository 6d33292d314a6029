package analytics

import (
	"strings"

	"github.com/maypok86/otter/v2"
	"github.com/mileusna/useragent"
)

// agent is what a User-Agent says that is worth keeping. The text itself is not
// kept: every field is a word of ours.
type agent struct {
	bot     bool
	device  string
	os      string
	browser string
	app     string
}

const (
	maxAgent  = 1 << 10 // bytes of an agent that are looked at
	maxAgents = 8 << 10 // agents that are remembered
)

// agents reads agents and remembers the common ones. It is safe for use by many
// goroutines.
type agents struct {
	bots *bots
	seen *otter.Cache[string, agent]
}

func newAgents() (*agents, error) {
	seen, err := otter.New(&otter.Options[string, agent]{MaximumSize: maxAgents})
	return &agents{newBots(), seen}, err
}

func (a *agents) read(text string) agent {
	if len(text) > maxAgent {
		text = text[:maxAgent]
	}
	if known, ok := a.seen.GetIfPresent(text); ok {
		return known
	}
	text = strings.Clone(text) // not the whole header with it
	found := agent{bot: a.bots.match(text)}
	if !found.bot {
		found = readAgent(text)
	}
	a.seen.Set(text, found)
	return found
}

// apps are the apps that open links in a browser of their own, by a word of their
// agents. The first that fits is it. Their users are fans like any other.
var apps = []struct{ word, name string }{
	{"Instagram", "Instagram"},
	{"Barcelona ", "Threads"},
	{"MessengerForiOS", "Messenger"}, {"MessengerLiteForiOS", "Messenger"}, {"FB_IAB/Orca", "Messenger"}, {"FB_IAB/MESSENGER", "Messenger"},
	{"FBAN/", "Facebook"}, {"FBAV/", "Facebook"}, {"FB_IAB/", "Facebook"},
	{"musical_ly", "TikTok"}, {"BytedanceWebview", "TikTok"}, {"trill_", "TikTok"}, {"TikTok", "TikTok"},
	{"Snapchat", "Snapchat"},
	{"Twitter for", "X"}, {"TwitterAndroid", "X"},
	{"Pinterest/", "Pinterest"}, {"Pinterest for", "Pinterest"},
	{"LinkedInApp", "LinkedIn"},
	{"Reddit/", "Reddit"},
	{"MicroMessenger", "WeChat"},
	{" Line/", "LINE"},
	{"KAKAOTALK", "KakaoTalk"},
	{"NAVER(inapp", "NAVER"},
	{"Telegram-Android", "Telegram"},
	{"Discord", "Discord"},
	{"Spotify/", "Spotify"},
	{"GSA/", "Google"},
	{"Weibo", "Weibo"},
	{"QQ/", "QQ"},
}

// InApp names the app in whose own browser somebody is: "Instagram", or "this app" for
// one that we do not know. It is "" in a browser.
func InApp(agent string) string {
	agent = agent[:min(len(agent), maxAgent)]
	for _, app := range apps {
		if strings.Contains(agent, app.word) && app.name != "Google" { // Google's own hands links to a browser
			return app.name
		}
	}
	phone := strings.Contains(agent, "iPhone") || strings.Contains(agent, "iPad")
	if strings.Contains(agent, "; wv)") || phone && strings.Contains(agent, "AppleWebKit") && !strings.Contains(agent, "Safari/") {
		return "this app"
	}
	return ""
}

// browsers are the names we keep; anything else could be a text somebody made up.
var browsers = map[string]string{
	"Chrome": "Chrome", "Safari": "Safari", "Mobile Safari": "Safari", "Firefox": "Firefox", "Edge": "Edge", "Opera": "Opera",
	"Opera Mini": "Opera", "Opera Touch": "Opera", "Samsung Browser": "Samsung Internet", "Vivaldi": "Vivaldi", "MSIE": "Internet Explorer",
	"Internet Explorer": "Internet Explorer", "Trident": "Internet Explorer", "Huawei Browser": "Huawei Browser", "Miui Browser": "Mi Browser", "YaBrowser": "Yandex Browser",
	"UCBrowser": "UC Browser", "DuckDuckGo": "DuckDuckGo", "Brave": "Brave", "Silk": "Silk", "Android browser": "Android browser",
	"Ddg": "DuckDuckGo", "Whale": "Whale", "CocCoc": "Cốc Cốc", "coc_coc_browser": "Cốc Cốc", "Ecosia": "Ecosia", "Puffin": "Puffin", "BlackBerry": "BlackBerry",
}

var systems = map[string]string{
	"iOS": "iOS", "Android": "Android", "Windows": "Windows", "Windows Phone": "Windows", "macOS": "macOS", "Linux": "Linux",
	"FreeBSD": "FreeBSD", "ChromeOS": "ChromeOS", "BlackBerry": "BlackBerry", "Harmony": "HarmonyOS",
}

func readAgent(text string) agent {
	ua := useragent.Parse(text)
	a := agent{os: systems[ua.OS], browser: "Other"}
	if name, ok := browsers[ua.Name]; ok {
		a.browser = name
	}
	switch {
	case strings.Contains(text, "Silk/"):
		a.browser = "Silk"
	case strings.Contains(text, "YaBrowser/"):
		a.browser = "Yandex Browser"
	case strings.Contains(text, "DuckDuckGo/") || strings.Contains(text, " Ddg/"):
		a.browser = "DuckDuckGo"
	case a.browser == "Other" && a.os == "iOS" && strings.Contains(text, "AppleWebKit/"):
		a.browser = "Safari" // every browser there is; apps leave the name out
	case a.browser == "Other" && strings.Contains(text, "Trident/"):
		a.browser = "Internet Explorer"
	case (a.browser == "Other" || a.browser == "Safari") && strings.Contains(text, "Chrome/"):
		a.browser = "Chrome"
	}
	for _, app := range apps {
		if strings.Contains(text, app.word) {
			a.app, a.browser = app.name, app.name+" app"
			break
		}
	}
	a.device = device(text, ua)
	return a
}

// device says what a fan holds. Android tablets leave out "Mobile"; a tablet that
// calls itself a Macintosh is a desktop to us.
func device(text string, ua useragent.UserAgent) string {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(text, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("SMART-TV", "SmartTV", "Smart-TV", "Tizen; TV", "Web0S", "AppleTV", "Apple TV", "GoogleTV", "BRAVIA", "AFT", "CrKey", "HbbTV", "Roku"):
		return "tv"
	case has("PlayStation", "Nintendo", "Xbox"):
		return "console"
	case has("iPad"), ua.Tablet, has("Android") && !has("Mobile", "Opera Mini") && !has("Instagram", "FBAV"), has("Silk/") && !has("Mobile"):
		return "tablet"
	case has("iPhone", "iPod", "Android", "Mobile", "Windows Phone", "BlackBerry", "Opera Mini", "KAIOS"):
		return "phone"
	case has("Windows NT", "Macintosh", "X11", "CrOS", "Linux x86_64"):
		return "desktop"
	}
	return "other"
}
