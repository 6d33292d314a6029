package analytics

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"

	"github.com/hlpfl/platform/internal/model"
)

const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"

func newClassifier(t testing.TB, o ClassifierOptions) *Classifier {
	t.Helper()
	c, err := NewClassifier(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func lines(t *testing.T, name string) (all []string) {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// A fan taken for a program is a tap that an artist never sees.
func TestPeopleAreNoBots(t *testing.T) {
	t.Parallel()
	c := newClassifier(t, ClassifierOptions{})
	people := lines(t, "people.txt")
	if len(people) < 60 {
		t.Fatalf("%d agents of people are too few", len(people))
	}
	for _, line := range people {
		device, rest, _ := strings.Cut(line, "\t")
		browser, text, _ := strings.Cut(rest, "\t")
		got := c.agents.read(text)
		if got.bot || got.device != device || got.browser != browser {
			t.Errorf("%+v, want a %s with %s: %s", got, device, browser, text)
		}
	}
}

func TestBots(t *testing.T) {
	t.Parallel()
	c := newClassifier(t, ClassifierOptions{})
	programs := lines(t, "bots.txt")
	if len(programs) < 60 {
		t.Fatalf("%d agents of programs are too few", len(programs))
	}
	for _, text := range programs {
		if !c.agents.read(text).bot {
			t.Errorf("taken for a person: %s", text)
		}
	}
}

// The whole list is in use: a pattern that cannot be read would stop the program.
func TestListOfBots(t *testing.T) {
	t.Parallel()
	b := newBots()
	if n := len(b.words) + len(b.patterns); n < 1500 {
		t.Errorf("%d patterns", n)
	}
	if len(b.patterns) > 60 {
		t.Errorf("%d patterns are no plain words: reading an agent has become slow", len(b.patterns))
	}
	for _, w := range b.words {
		if len(w) < 3 {
			t.Errorf("%q is found in everybody's agent", w)
		}
	}
}

// Nothing of an agent is kept but words of ours.
func TestMadeUpAgentLeavesNothing(t *testing.T) {
	t.Parallel()
	c := newClassifier(t, ClassifierOptions{})
	for _, text := range []string{"Vera Lind, Karl-Marx-Allee 1/1.0", "x", "Mozilla/5.0 (Vera; Lind)", strings.Repeat("v", 5000)} {
		if got := c.agents.read(text); got != (agent{browser: "Other", device: "other"}) {
			t.Errorf("%+v from %.40s", got, text)
		}
	}
}

func request(method, agent string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "http://hlpfl.example/r/x/y", nil)
	r.Header.Set("User-Agent", agent)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestFiltered(t *testing.T) {
	t.Parallel()
	c := newClassifier(t, ClassifierOptions{})
	for name, k := range map[string]struct {
		r    *http.Request
		want string
	}{
		"a tap":            {request("GET", phone), ""},
		"HEAD":             {request("HEAD", phone), model.FilteredHead},
		"HEAD of curl":     {request("HEAD", "curl/8.7.1"), model.FilteredHead},
		"prefetch":         {request("GET", phone, "Sec-Purpose", "prefetch"), model.FilteredPrefetch},
		"prerender":        {request("GET", phone, "Sec-Purpose", "prefetch;prerender"), model.FilteredPrefetch},
		"old prefetch":     {request("GET", phone, "Purpose", "prefetch"), model.FilteredPrefetch},
		"Firefox prefetch": {request("GET", phone, "X-Moz", "prefetch"), model.FilteredPrefetch},
		"Safari preview":   {request("GET", phone, "X-Purpose", "preview"), model.FilteredPrefetch},
		"curl":             {request("GET", "curl/8.7.1"), model.FilteredBot},
		"no agent":         {request("GET", ""), model.FilteredNoAgent},
		"blank agent":      {request("GET", "  "), model.FilteredNoAgent},
	} {
		if got := c.Request(k.r, "").Filtered; got != k.want {
			t.Errorf("%s: %q, want %q", name, got, k.want)
		}
	}
}

// Forwarding and country headers are believed of trusted proxies alone.
func TestAddressAndCountry(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	c := newClassifier(t, ClassifierOptions{TrustedProxies: proxies, CountryHeader: "cf-ipcountry"})
	for _, k := range []struct {
		from      string
		headers   []string
		want, has string
	}{
		{"192.0.2.7:5000", nil, "192.0.2.7", ""},
		{"192.0.2.7:5000", []string{"X-Forwarded-For", "198.51.100.1", "CF-IPCountry", "DE"}, "192.0.2.7", ""},
		{"10.0.0.1:5000", []string{"X-Forwarded-For", "198.51.100.1", "CF-IPCountry", "de"}, "198.51.100.1", "DE"},
		{"10.0.0.1:5000", []string{"X-Forwarded-For", "203.0.113.9, 198.51.100.1, 10.0.0.2"}, "198.51.100.1", ""},
		{"10.0.0.1:5000", []string{"X-Forwarded-For", "203.0.113.9", "X-Forwarded-For", "198.51.100.1"}, "198.51.100.1", ""},
		{"10.0.0.1:5000", []string{"X-Forwarded-For", "nonsense, 10.0.0.3"}, "10.0.0.3", ""},
		{"10.0.0.1:5000", []string{"CF-IPCountry", "XX"}, "10.0.0.1", ""},
		{"10.0.0.1:5000", []string{"CF-IPCountry", "T1"}, "10.0.0.1", ""},
		{"10.0.0.1:5000", []string{"CF-IPCountry", "Germany"}, "10.0.0.1", ""},
		{"[2001:db8::1]:5000", []string{"X-Forwarded-For", "::ffff:198.51.100.1"}, "198.51.100.1", ""},
		{"nonsense", nil, "invalid IP", ""},
	} {
		r := request("GET", phone, k.headers...)
		r.RemoteAddr = k.from
		if got := c.Request(r, ""); got.Address.String() != k.want || got.Country != k.has {
			t.Errorf("%s %v: %v %q, want %s %q", k.from, k.headers, got.Address, got.Country, k.want, k.has)
		}
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	c := newClassifier(t, ClassifierOptions{})
	const instagram = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 337.0.3.23.54 (iPhone14,5; iOS 17_5_1; en_GB; en-GB; scale=3.00; 1170x2532; 612419486)"
	for _, k := range []struct{ agent, referrer, query, source, host, campaign string }{
		{phone, "", "", "", "", ""},
		{instagram, "", "", "Instagram", "", ""},
		{phone, "https://l.instagram.com/?u=x", "", "Instagram", "l.instagram.com", ""},
		{phone, "https://www.instagram.com/", "", "Instagram", "www.instagram.com", ""},
		{phone, "https://t.co/abc", "", "X", "t.co", ""},
		{phone, "https://www.google.co.uk/", "", "Google", "www.google.co.uk", ""},
		{phone, "android-app://com.google.android.gm/", "", "Gmail", "com.google.android.gm", ""},
		{phone, "https://www.tiktok.com/", "", "TikTok", "www.tiktok.com", ""},
		{phone, "https://user:secret@Blog.Example.org:8443/post?id=7", "", "blog.example.org", "blog.example.org", ""},
		{phone, "https://hlpfl.example/vera?utm_source=newsletter&utm_campaign=Spring%20Tour", "", "newsletter", "", "Spring Tour"},
		{phone, "https://hlpfl.example/vera", "", "", "", ""},
		{phone, "https://blog.example.org/", "?utm_source=ig&utm_campaign=a%00b", "Instagram", "blog.example.org", "ab"},
		{phone, "", "utm_source=%zz&utm_campaign=" + strings.Repeat("é", 200), "", "", strings.Repeat("é", 64)},
		{phone, "nonsense", "", "", "", ""},
		{phone, "https://" + strings.Repeat("a", 5000) + ".example/", "", "", "", ""},
	} {
		got := c.Request(request("GET", k.agent), k.referrer)
		got.Campaign(k.query)
		if got.Source != k.source || got.Referrer != k.host || got.Visit.Campaign != k.campaign {
			t.Errorf("%.80s %s: %q %q %q, want %q %q %q", k.referrer, k.query, got.Source, got.Referrer, got.Visit.Campaign, k.source, k.host, k.campaign)
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	c := newClassifier(b, ClassifierOptions{})
	r := request("GET", phone, "Referer", "https://hlpfl.example/vera")
	r.RemoteAddr = "192.0.2.7:5000"
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Request(r, r.Referer())
	}
}

// geoDB writes a file in MaxMind's format that knows two networks.
func geoDB(t *testing.T) string {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "Test-Country", RecordSize: 24, IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	for network, code := range map[string]string{"198.51.100.0/24": "NO", "2001:db8:47::/48": "JP", "203.0.113.0/24": "nonsense"} {
		_, n, err := net.ParseCIDR(network)
		if err != nil {
			t.Fatal(err)
		}
		country := mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String(code)}}
		if err := tree.Insert(n, country); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "country.mmdb"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := tree.WriteTo(file); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

func TestCountryByFile(t *testing.T) {
	t.Parallel()
	c := newClassifier(t, ClassifierOptions{
		GeoIPDB: geoDB(t), CountryHeader: "CF-IPCountry", TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
	})
	for from, want := range map[string]string{
		"198.51.100.9:1": "NO", "[2001:db8:47::1]:1": "JP", "192.0.2.1:1": "", "203.0.113.1:1": "", "[::ffff:198.51.100.9]:1": "NO",
	} {
		r := request("GET", phone, "CF-IPCountry", "DE")
		r.RemoteAddr = from
		if got := c.Request(r, "").Country; got != want {
			t.Errorf("%s: %q, want %q", from, got, want)
		}
	}
	// The trusted proxy's word goes before the file.
	r := request("GET", phone, "CF-IPCountry", "DE", "X-Forwarded-For", "198.51.100.9")
	r.RemoteAddr = "10.0.0.1:1"
	if got := c.Request(r, "").Country; got != "DE" {
		t.Errorf("behind a trusted proxy: %q", got)
	}
}

func TestNoSuchFileOfCountries(t *testing.T) {
	t.Parallel()
	nonsense := filepath.Join(t.TempDir(), "nonsense")
	if err := os.WriteFile(nonsense, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{nonsense, nonsense + ".mmdb"} {
		if _, err := NewClassifier(ClassifierOptions{GeoIPDB: file}); err == nil || !strings.Contains(err.Error(), "GEOIP_DB") {
			t.Errorf("%s: %v", file, err)
		}
	}
}
