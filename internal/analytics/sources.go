package analytics

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
)

// maxLabel bounds what strangers may put into our figures, in characters.
const maxLabel = 64

// searchers and forwarders that are no provider of links, by the name before the
// public ending of their host.
var searchers = map[string]string{
	"google": "Google", "bing": "Bing", "duckduckgo": "DuckDuckGo", "yahoo": "Yahoo", "ecosia": "Ecosia", "yandex": "Yandex",
	"baidu": "Baidu", "qwant": "Qwant", "startpage": "Startpage", "naver": "NAVER", "brave": "Brave Search", "linktr": "Linktree",
}

// hosts that stand for a service under another name than its own.
var hosts = map[string]string{
	"t.co": "X", "l.instagram.com": "Instagram", "l.facebook.com": "Facebook", "lm.facebook.com": "Facebook", "m.facebook.com": "Facebook",
	"l.threads.net": "Threads", "l.threads.com": "Threads", "lnkd.in": "LinkedIn", "out.reddit.com": "Reddit", "l.messenger.com": "Messenger",
	"com.google.android.gm": "Gmail", "mail.google.com": "Gmail", "com.google.android.googlequicksearchbox": "Google",
	"org.telegram.messenger": "Telegram", "web.telegram.org": "Telegram", "com.slack": "Slack", "com.linkedin.android": "LinkedIn",
	"com.twitter.android": "X", "com.reddit.frontpage": "Reddit", "web.whatsapp.com": "WhatsApp", "outlook.live.com": "Outlook",
}

// sourceOf names the site behind a host.
func sourceOf(host string) string {
	if name, ok := hosts[host]; ok {
		return name
	}
	if p := providers.Detect(model.URL("https://" + host + "/")); p.Key != providers.Website {
		return p.Name
	}
	host = strings.TrimPrefix(host, "www.")
	for label := range strings.SplitSeq(host, ".") {
		if name, ok := searchers[label]; ok {
			return name
		}
	}
	return label(host)
}

// referrerHost gives the host of a referrer, lower case and without its port; ""
// when there is none.
func referrerHost(referrer string) string {
	if referrer == "" || len(referrer) > 4<<10 {
		return ""
	}
	_, rest, ok := strings.Cut(referrer, "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.HasSuffix(rest, "]") {
		rest = rest[:i]
	}
	return label(strings.ToLower(rest))
}

// campaign reads the utm values of a query.
func campaign(query string, v *model.Visit) {
	if !strings.Contains(query, "utm_") {
		return
	}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "utm_") {
			continue
		}
		value, err := url.QueryUnescape(value)
		if err != nil {
			continue
		}
		value = label(value)
		switch name {
		case "utm_source":
			v.Source = namedSource(value)
		case "utm_medium":
			v.Medium = value
		case "utm_campaign":
			v.Campaign = value
		case "utm_term":
			v.Term = value
		case "utm_content":
			v.Content = value
		}
	}
}

// namedSource gives a service its own name: utm_source=instagram and a referrer
// of instagram.com are the same source.
func namedSource(value string) string {
	key, err := providers.CheckNetwork(value)
	if p, ok := providers.ByKey(key); err == nil && ok && key != providers.Website {
		return p.Name
	}
	if name, ok := searchers[strings.ToLower(value)]; ok {
		return name
	}
	return value
}

// label makes a short line of what a stranger wrote.
func label(text string) string {
	clean := len(text) <= maxLabel
	for i := 0; clean && i < len(text); i++ {
		clean = text[i] >= ' ' && text[i] < utf8.RuneSelf-1
	}
	if clean {
		return strings.TrimSpace(text)
	}
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n == maxLabel {
			break
		}
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			continue
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimSpace(b.String())
}
