// Package ops is the room of whoever runs the program: is it alive, may it have
// traffic.
package ops

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// Health answers probes.
type Health struct {
	// Ping asks PostgreSQL and Redis whether they answer.
	Ping func(context.Context) (postgres, redis error)
	// Migrated tells whether the schema is up to date.
	Migrated func() bool
}

// state is what /readyz says: "ok", or what is missing.
type state struct {
	Status   string `json:"status"`
	Postgres string `json:"postgres"`
	Redis    string `json:"redis"`
	Schema   string `json:"schema"`
}

// Live says that the process runs. It asks nobody: a probe must not restart us
// because PostgreSQL is away.
func (h Health) Live(c echo.Context) error {
	return c.String(http.StatusOK, "ok\n")
}

// Ready says whether we may have traffic: PostgreSQL answers and its schema is
// ours. Redis away is told and not held against us: public pages, redirects and
// the API's limits go on without it.
func (h Health) Ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
	defer cancel()
	postgres, redis := h.Ping(ctx)
	s := state{Status: "ok", Postgres: word(postgres, "away"), Redis: word(redis, "away"), Schema: "ok"}
	if !h.Migrated() {
		s.Schema = "not up to date"
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	if postgres != nil || !h.Migrated() {
		s.Status = "not ready"
		return c.JSON(http.StatusServiceUnavailable, s)
	}
	return c.JSON(http.StatusOK, s)
}

func word(err error, otherwise string) string {
	if err != nil {
		return otherwise
	}
	return "ok"
}
