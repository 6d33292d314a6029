package analytics

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed bots/patterns.txt
var botPatterns string

// bots knows programs that say what they are. Most patterns of the list are plain
// words; those are looked for as words, which is fifty times quicker.
type bots struct {
	words    []string
	patterns []*regexp.Regexp
}

// moreBots are programs that the list does not have: tools of load tests and
// scripts, browsers without a screen, and whoever calls itself a bot.
var moreBots = []string{
	"HeadlessChrome", "PhantomJS", "Playwright", "Puppeteer", "Selenium", "Cypress", "wrk/", "hey/", "vegeta", "k6/", "ApacheBench",
	"Lighthouse", "PostmanRuntime", "insomnia/", "libwww-perl", "GuzzleHttp", "Java/", "okhttp/", "Dalvik/", "CFNetwork/", "node-fetch", "undici", "axios/",
	"Go-http-client", "python-", "Python/", "aiohttp", "httpx", "Scrapy", "lua-resty-http", "Dart/",
	"WhatsApp/", "Viber/", "SkypeUriPreview", "Iframely", "vkShare", "SummalyBot", "Cardyb", "Discordbot", "TelegramBot", "redditbot",
	"bot/", "bot;", "bot)", "Bot/", "crawler", "Crawler", "spider/", "Spider/", "+http://", "+https://",
}

// people are patterns of the list that browsers of people match too: Silk is the
// browser of Amazon's tablets, BlackBerry's mailer of old is nobody's bot.
var people = map[string]bool{`^Silk\/`: true}

func newBots() *bots {
	b := &bots{words: moreBots}
	for line := range strings.Lines(botPatterns) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") || people[line] {
			continue
		}
		if word, ok := plainWord(line); ok {
			b.words = append(b.words, word)
		} else {
			b.patterns = append(b.patterns, regexp.MustCompile(line))
		}
	}
	return b
}

// plainWord gives the text that a pattern means when it means just one.
func plainWord(pattern string) (string, bool) {
	var word strings.Builder
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case c == '\\' && i+1 < len(pattern) && strings.IndexByte(`/.-()+?*[]{}|^$\`, pattern[i+1]) >= 0:
			i++
			word.WriteByte(pattern[i])
		case strings.IndexByte(`\.()+?*[]{}|^$`, c) >= 0:
			return "", false
		default:
			word.WriteByte(c)
		}
	}
	return word.String(), true
}

// match reports whether an agent says that it is a program.
func (b *bots) match(agent string) bool {
	for _, w := range b.words {
		if strings.Contains(agent, w) {
			return true
		}
	}
	for _, p := range b.patterns {
		if p.MatchString(agent) {
			return true
		}
	}
	return false
}
