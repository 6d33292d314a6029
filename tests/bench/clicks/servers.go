package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	_ "github.com/lib/pq" // database/sql's driver

	"github.com/hlpfl/platform/internal/model"
)

// head is what the program's redirect carries; the references send the same.
func head(file string) (http.Header, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var h http.Header
	return h, json.Unmarshal(raw, &h)
}

// bare is the first reference: net/http and a 302, nothing else.
func bare(args []string) error {
	h, err := head(args[1])
	if err != nil {
		return err
	}
	return listen(args[0], func(w http.ResponseWriter, _ *http.Request) { redirect(w, h) })
}

func redirect(w http.ResponseWriter, h http.Header) {
	to := w.Header()
	for name, values := range h {
		to[name] = values
	}
	w.WriteHeader(http.StatusFound)
}

func listen(address string, h http.HandlerFunc) error {
	s := &http.Server{Addr: address, Handler: h, ReadHeaderTimeout: 5 * time.Second}
	return s.ListenAndServe()
}

// insertConnections is how many connections the second reference has: more did
// not make it quicker.
const insertConnections = 32

// insert is the second reference: what one writes first, an INSERT a click into
// the indexed table, prepared, in a transaction of its own.
func insert(args []string) error {
	h, err := head(args[1])
	if err != nil {
		return err
	}
	db, err := sql.Open("postgres", args[2])
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(insertConnections)
	db.SetMaxIdleConns(insertConnections)
	stmt, err := db.PrepareContext(context.Background(), `
		insert into analytics (id, profile_id, click_data, visitor_data, created_at, kind, link, visitor, local_day, local_hour,
		                       first_of_day, inside_plan, country, device, browser, source, campaign)
		values ($1, $2, $3, $4, $5, 'click', $6, $7, $8, $9, false, false, '', 'phone', 'Safari', '', '')`)
	if err != nil {
		return err
	}
	return listen(args[0], func(w http.ResponseWriter, r *http.Request) {
		_, rest, _ := strings.Cut(r.URL.Path, "/r/")
		profile, link, _ := strings.Cut(rest, "/")
		e := model.Event{ID: model.NewEventID()}
		at := e.At()
		clickData := `{"kind":"click","link":"` + link + `","target":"` + h.Get("Location") + `","counted":true}`
		const visitorData = `{"device":"phone","os":"iOS","browser":"Safari"}`
		_, err := stmt.ExecContext(r.Context(), e.ID.String(), profile, clickData, visitorData, at, link,
			[]byte(r.Header.Get("X-Forwarded-For")), at.Format(time.DateOnly), at.Truncate(time.Hour))
		if err != nil {
			http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
			return
		}
		redirect(w, h)
	})
}
