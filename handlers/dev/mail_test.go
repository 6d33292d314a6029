package dev_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/handlers/dev"
	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/mail"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
	views "github.com/hlpfl/platform/views/mail"
)

// desk serves a mailbox that holds one mail.
func desk(t *testing.T, on bool) *httptest.Server {
	t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: testenv.Database(t), RedisURL: testenv.Redis(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	box := mail.NewMailbox(t.TempDir())
	post := mail.New(mail.Options{Store: s, From: netmail.Address{Address: "mail@hlpfl.test"}, Origin: "http://hlpfl.test", Mailbox: box, Log: slog.New(slog.DiscardHandler)})
	err = s.System(t.Context(), func(tx *store.SystemTx) error {
		return tx.SendMail(t.Context(), store.NewMail{Kind: views.KindNoAccount, To: "ines@example.com"})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.System(t.Context(), func(tx *store.SystemTx) error {
		var id model.MailID
		if err := tx.GetContext(t.Context(), &id, `select id from mails`); err != nil {
			return err
		}
		return post.Send(t.Context(), mail.Delivery{Mail: id, Finish: func(context.Context, *store.SystemTx) error { return nil }})
	})
	if err != nil {
		t.Fatal(err)
	}
	room := dev.Mail{}
	if on {
		room.Mailbox = box
	}
	log := slog.New(slog.DiscardHandler)
	server := web.NewServer(web.Server{Log: log, Cookies: web.NewCookies(s, &auth.Auth{}, false, log),
		ErrorPage: func(_ context.Context, v web.ErrorView) templ.Component { return templ.Raw(v.Detail) }})
	e := echo.New()
	e.GET("/dev/mail", server.Wrap(web.Route{Door: web.Page, Who: web.Local, Handle: room.List}))
	e.GET("/dev/mail/:id", server.Wrap(web.Route{Door: web.Page, Who: web.Local, Handle: room.Show}))
	e.GET("/dev/mail/:id/page", server.Wrap(web.Route{Door: web.Page, Who: web.Local, Handle: room.Page}))
	h := httptest.NewServer(e)
	t.Cleanup(h.Close)
	return h
}

func get(t *testing.T, address string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestTheMailboxIsReadHere(t *testing.T) {
	t.Parallel()
	h := desk(t, true)
	_, list := get(t, h.URL+"/dev/mail", nil)
	if !strings.Contains(list, "There is no account with this address") || !strings.Contains(list, "ines@example.com") {
		t.Errorf("the list: %s", list)
	}
	one := regexp.MustCompile(`/dev/mail/[0-9a-f-]{36}`).FindString(list)
	_, page := get(t, h.URL+one, nil)
	if !strings.Contains(page, `sandbox="`) || !strings.Contains(page, `<a href="http://hlpfl.test/register">`) {
		t.Errorf("one mail: %s", page)
	}
	res, page := get(t, h.URL+one+"/page", nil)
	policy := res.Header.Get("Content-Security-Policy")
	if !strings.Contains(page, `<base target="_top">`) || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox") || strings.Contains(policy, "allow-scripts") {
		t.Errorf("the page under %q: %s", policy, page)
	}
	for _, path := range []string{"/dev/mail/x", "/dev/mail/..%2F..%2Fetc%2Fpasswd", "/dev/mail/" + model.NewMailID().String()} {
		if res, _ := get(t, h.URL+path, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

func TestTheMailboxIsOpenToNobodyElse(t *testing.T) {
	t.Parallel()
	here, off := desk(t, true), desk(t, false)
	for name, c := range map[string]struct {
		at     *httptest.Server
		change func(*http.Request)
	}{
		"not in local mode":                 {off, nil},
		"a name of somebody's own":          {here, func(r *http.Request) { r.Host = "evil.example" }},
		"from elsewhere, through a program": {here, func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9") }},
	} {
		if res, _ := get(t, c.at.URL+"/dev/mail", c.change); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
}
