package seed

import (
	"math/rand/v2"
	"net/http"

	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/internal/model"
)

// way is how some fans come: what their browser says, and whence they come.
type way struct {
	weight   float64
	agent    string
	referrer string
	query    string // of the page's address
	release  bool   // only while a release is fresh
}

// ways that fans come by. The agents are of the usual forms, so that what they
// are taken for is what real ones are taken for.
var ways = []way{
	{30, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22G86 Instagram 390.0.0.28.85 (iPhone15,2; iOS 18_6; en_GB; en; scale=3.00; 1179x2556; 1)", "https://l.instagram.com/", "", false},
	{16, "Mozilla/5.0 (Linux; Android 15; SM-S921B Build/AP3A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/138.0.7204.157 Mobile Safari/537.36 Instagram 389.0.0.49.87 Android (35/15; 480dpi)", "https://l.instagram.com/", "", false},
	{12, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 musical_ly_40.9.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/GB BytedanceWebview/d8a21c6", "", "", false},
	{12, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", "", "", false},
	{8, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36", "", "", false},
	{6, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36", "https://www.google.com/", "", false},
	{4, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "https://www.youtube.com/", "", false},
	{3, "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "", "", false},
	{3, "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "https://m.facebook.com/", "", false},
	{2, "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0", "https://bandcamp.com/", "", false},
	{2, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0", "https://out.reddit.com/", "", false},
	{2, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Twitter for iPhone/11.6", "https://t.co/", "", false},
	{14, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", "", "utm_source=newsletter&utm_medium=email&utm_campaign=new-record", true},
	{8, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36", "", "utm_source=poster&utm_medium=qr&utm_campaign=new-record", true},
}

// programs that come by too; none of them counts.
var programs = []way{
	{4, "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.7204.157 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "", "", false},
	{3, "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "", "", false},
	{2, "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "", "", false},
	{1, "curl/8.14.1", "", "", false},
}

// visits knows what each way is taken for.
type visits struct {
	fans, bots []seen
}

type seen struct {
	way
	visit    model.Visit
	filtered string
}

// newVisits asks the one who judges real requests.
func newVisits() (*visits, error) {
	c, err := analytics.NewClassifier(analytics.ClassifierOptions{})
	if err != nil {
		return nil, err
	}
	defer c.Close() // nothing is open
	v := &visits{}
	look := func(w way) seen {
		r := &http.Request{Method: http.MethodGet, Host: "hlpfl.example", Header: http.Header{"User-Agent": {w.agent}}, RemoteAddr: "127.0.0.1:1"}
		s := c.Request(r, w.referrer)
		s.Campaign(w.query)
		return seen{w, s.Visit, s.Filtered}
	}
	for _, w := range ways {
		v.fans = append(v.fans, look(w))
	}
	for _, w := range programs {
		v.bots = append(v.bots, look(w))
	}
	return v, nil
}

// pick chooses by weight.
func pick[T any](r *rand.Rand, all []T, weight func(T) float64) T {
	sum := 0.0
	for _, one := range all {
		sum += weight(one)
	}
	at := r.Float64() * sum
	for _, one := range all {
		if at -= weight(one); at < 0 {
			return one
		}
	}
	return all[len(all)-1]
}

// country is where some fans live.
type country struct {
	code   string
	weight float64
}
