package idp

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Callback is what a provider sends the browser back with.
type Callback struct {
	Method string     // GET, or POST from Apple
	Path   string     // of the program, without a query
	Values url.Values // the query, or the form
}

// Consent does what a browser does at a provider: it opens where the program sent it, chooses the account and allows.
func (s *Servers) Consent(t testing.TB, location string, as Person) Callback {
	t.Helper()
	return s.choose(t, location, url.Values{"account": {as.handle()}, "do": {"allow"}})
}

// Cancel is Consent by somebody who changes their mind.
func (s *Servers) Cancel(t testing.TB, location string) Callback {
	t.Helper()
	return s.choose(t, location, url.Values{"account": {""}, "do": {"cancel"}})
}

func (s *Servers) choose(t testing.TB, location string, chosen url.Values) Callback {
	t.Helper()
	b := s.Browser()
	defer b.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, location, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := b.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	action, fields, err := form(res)
	if err != nil {
		t.Fatalf("at %s: %v", location, err)
	}
	for name := range chosen {
		fields.Set(name, chosen.Get(name))
	}
	if req, err = http.NewRequestWithContext(t.Context(), http.MethodPost, action, strings.NewReader(fields.Encode())); err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if res, err = b.Do(req); err != nil {
		t.Fatal(err)
	}
	if res.StatusCode == http.StatusFound {
		_ = res.Body.Close()
		to, err := res.Location()
		if err != nil {
			t.Fatal(err)
		}
		return Callback{http.MethodGet, to.Path, to.Query()}
	}
	action, fields, err = form(res)
	if err != nil {
		t.Fatalf("at %s: %v", action, err)
	}
	to, err := url.Parse(action)
	if err != nil {
		t.Fatal(err)
	}
	return Callback{http.MethodPost, to.Path, fields}
}

// form is the first form of a page: where it goes, and what it carries without anybody's doing.
func form(res *http.Response) (action string, fields url.Values, err error) {
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return "", nil, err
	}
	if res.StatusCode != http.StatusOK {
		return "", nil, fmt.Errorf("%s: %s", res.Status, raw)
	}
	doc, err := html.Parse(strings.NewReader(string(raw)))
	if err != nil {
		return "", nil, err
	}
	fields = url.Values{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		a := map[string]string{}
		for _, attr := range n.Attr {
			a[attr.Key] = attr.Val
		}
		switch {
		case n.Data == "form" && action == "":
			action = a["action"]
		case n.Data == "input" && a["type"] == "hidden":
			fields.Set(a["name"], a["value"])
		}
	}
	if action == "" {
		return "", nil, errNoForm
	}
	return action, fields, nil
}
