package app

import (
	"context"
	"net/http"
	"net/http/pprof"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/hlpfl/platform/handlers"
	"github.com/hlpfl/platform/handlers/admin"
	"github.com/hlpfl/platform/handlers/artist"
	"github.com/hlpfl/platform/handlers/dev"
	"github.com/hlpfl/platform/handlers/fan"
	"github.com/hlpfl/platform/handlers/ops"
	"github.com/hlpfl/platform/handlers/site"
	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/pages"
	"github.com/hlpfl/platform/views"
	viewsfan "github.com/hlpfl/platform/views/fan"
)

// Web builds what answers HTTP. What runs beside it (following changes, sending
// waiting events on) ends with ctx.
func (a *App) Web(ctx context.Context) (http.Handler, error) {
	themes, err := viewsfan.NewThemes(a.cfg.CDNURL)
	if err != nil {
		return nil, err
	}
	cache, err := pages.New(pages.Options{Store: a.store, Themes: themes, BaseURL: a.cfg.Origin(), CDN: a.cfg.CDNURL, Now: a.now, Registry: a.registry, Log: a.log})
	if err != nil {
		return nil, err
	}
	pictures, err := a.pictures(ctx)
	if err != nil {
		return nil, err
	}
	recorder, err := analytics.NewRecorder(analytics.RecorderOptions{Store: a.store, SpoolDir: a.cfg.SpoolDir, Registry: a.registry, Log: a.log})
	if err != nil {
		return nil, err
	}
	a.onClose(recorder.Close)
	classifier, err := analytics.NewClassifier(analytics.ClassifierOptions{
		TrustedProxies: a.cfg.TrustedProxies, CountryHeader: a.cfg.CountryHeader, GeoIPDB: a.cfg.GeoIPDB,
	})
	if err != nil {
		return nil, err
	}
	a.onClose(classifier.Close)
	go cache.Follow(ctx)
	go func() { _ = recorder.Run(ctx) }()
	rooms, err := a.rooms(themes, cache, recorder, classifier, pictures)
	if err != nil {
		return nil, err
	}
	return a.mount(rooms)
}

func (a *App) rooms(themes *viewsfan.Themes, cache *pages.Pages, recorder *analytics.Recorder, classifier *analytics.Classifier, pictures *media.Store) (handlers.Rooms, error) {
	accounts, err := a.accounts()
	if err != nil {
		return handlers.Rooms{}, err
	}
	seen, err := fan.NewViews(cache, recorder, classifier)
	if err != nil {
		return handlers.Rooms{}, err
	}
	cookies := web.NewCookies(a.store, accounts, a.cfg.Secure(), a.log)
	server := web.NewServer(web.Server{
		Log: a.log, CDN: a.cfg.CDNURL, Secure: a.cfg.Secure(),
		Cookies: cookies, Tokens: web.NewTokens(accounts),
		Idempotent: web.NewIdempotent(a.store, a.log),
		ErrorPage:  site.Errors{Public: a.store.Public(), Host: a.cfg.BaseURL.Host}.Page,
		Role:       a.store.Role,
		SignIn:     views.LoginThen,
		Confirm:    views.Confirm,
		Providers:  accounts.Providers.Sites(),
		Factors:    views.FactorsNeeded,
	})
	figures := &artist.Analytics{Store: a.store, Origin: a.cfg.Origin(), Host: a.cfg.BaseURL.Host, Now: a.now}
	profiles := &artist.Profiles{Store: a.store, Pages: cache, Origin: a.cfg.Origin(), CDN: a.cfg.CDNURL, Now: a.now, Recent: figures.Recent,
		Pictures: artist.Pictures{Store: pictures, Maker: a.maker, Folder: a.cfg.SpoolDir}}
	return handlers.Rooms{
		People:   &artist.People{Store: a.store, Limits: accounts.Limits, Now: a.now, Show: profiles.JSON},
		Server:   server,
		Pages:    fan.Pages{Cache: cache, Secure: a.cfg.Secure()},
		Files:    fan.Files{Cache: cache, Secure: a.cfg.Secure()},
		Clicks:   fan.Clicks{Cache: cache, Recorder: recorder, Classifier: classifier, Secure: a.cfg.Secure()},
		Views:    seen,
		Media:    fan.Media{Store: pictures},
		Site:     &site.Site{Store: a.store, Auth: accounts, Cookies: cookies, Host: a.cfg.BaseURL.Host},
		Figures:  figures,
		Profiles: profiles,
		Account:  &artist.Account{Store: a.store, Auth: accounts, Cookies: cookies, Exports: a.account(pictures, accounts.Limits), Now: a.now},
		Admin:    &admin.Admin{Store: a.store, Now: a.now},
		Health:   ops.Health{Ping: a.store.Ping, Migrated: a.migrated.Load},
		Dev:      dev.New(a.Local(), themes),
		DevMail:  dev.Mail{Mailbox: a.mailbox()},
	}, nil
}

func (a *App) accounts() (*auth.Auth, error) {
	return auth.New(auth.Options{Store: a.store, Keys: a.cfg.SecretKeys, Origin: a.cfg.Origin(), LimitScale: a.cfg.RateLimitScale, Log: a.log,
		Google: a.cfg.Google, Spotify: a.cfg.Spotify, Apple: a.cfg.Apple})
}

// mount puts the routes on echo, and what fans ask for most ahead of it.
func (a *App) mount(rooms handlers.Rooms) (http.Handler, error) {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = web.ClientIP(a.cfg.TrustedProxies)
	e.HTTPErrorHandler = rooms.Server.Lost
	routes, err := handlers.Table(rooms, a.cfg.Origin(), a.version)
	if err != nil {
		return nil, err
	}
	handlers.Mount(e, rooms.Server, routes)
	return rooms.Clicks.Front(rooms.Pages.Front(e)), nil
}

// newRegistry holds the program's figures for whoever watches it.
func newRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// watch is what METRICS_ADDR serves: /metrics and /debug/pprof/.
func (a *App) watch() http.Handler {
	m := http.NewServeMux()
	m.Handle("/metrics", promhttp.HandlerFor(a.registry, promhttp.HandlerOpts{}))
	m.HandleFunc("/debug/pprof/", pprof.Index)
	m.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	m.HandleFunc("/debug/pprof/profile", pprof.Profile)
	m.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	m.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return m
}
