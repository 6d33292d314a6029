package artist

import (
	"net/http"
	"time"

	"github.com/hlpfl/platform/handlers/web"
	accounts "github.com/hlpfl/platform/internal/account"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
)

// Export is an archive of everything that is the user's, as programs get it.
type Export struct {
	ID        *model.ExportID   `json:"id" doc:"null when none was asked for"`
	State     store.ExportState `json:"state" doc:"none, waiting, running, ready or failed"`
	Done      int               `json:"done" doc:"of total parts"`
	Total     int               `json:"total" doc:"0 until they are counted"`
	Bytes     int64             `json:"bytes" doc:"once it is ready"`
	CreatedAt *time.Time        `json:"created_at"`
	ExpiresAt *time.Time        `json:"expires_at" doc:"when it goes; null unless it is ready"`
	Download  *string           `json:"download" doc:"the path that gives it, to its owner alone; null unless it is ready"`
}

func exportAsJSON(e store.Export) Export {
	made := e.CreatedAt.UTC()
	out := Export{ID: &e.ID, State: e.State, Done: e.Done, Total: e.Total, Bytes: e.Bytes, CreatedAt: &made}
	if e.State == store.ExportReady && e.ExpiresAt != nil {
		until, path := e.ExpiresAt.UTC(), "/api/account/export/"+e.ID.String()
		out.ExpiresAt, out.Download = &until, &path
	}
	return out
}

// Data shows what can be done with everything that is the user's; a program gets the
// newest archive.
func (h *Account) Data(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	zone := model.Zone(r.Signed.User.TimeZone)
	v := artist.Data{Email: r.Signed.User.Email, Now: h.Now().In(zone)}
	out := Export{State: "none"}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if v.App, err = h.frame(ctx, tx, r); err != nil {
			return err
		}
		list, err := tx.Exports(ctx)
		for i, e := range list {
			if i == 0 {
				out = exportAsJSON(e)
			}
			row := artist.Export{ID: e.ID, State: string(e.State), Done: e.Done, Total: e.Total, Bytes: e.Bytes, Asked: e.CreatedAt.In(zone)}
			if e.ExpiresAt != nil {
				row.Until = e.ExpiresAt.In(zone)
			}
			v.Exports = append(v.Exports, row)
		}
		return err
	})
	return web.Reply{JSON: out, Show: artist.DataPage(v)}, err
}

// AskForExport asks for an archive; while one is under way, that one is told.
func (h *Account) AskForExport(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	var e store.Export
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		var asked bool
		if e, asked, err = tx.AskForExport(ctx, accounts.NewFile()); err != nil || !asked {
			return err
		}
		return tx.Audit(ctx, h.entry(r, "export.asked", e.ID.String()))
	})
	return web.Reply{Status: http.StatusAccepted, JSON: exportAsJSON(e), To: views.Data()}, err
}

// FetchExport gives an archive to its owner.
func (h *Account) FetchExport(r *web.Request) (web.Reply, error) {
	id, err := model.ParseExportID(r.Param("id"))
	if err != nil {
		return web.Reply{}, err
	}
	ctx := r.Request().Context()
	var e store.Export
	err = h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if e, err = tx.ReadyExport(ctx, id); err != nil || r.Request().Header.Get("Range") != "" {
			return err // the rest of a download that was cut off is no other one
		}
		return tx.Audit(ctx, h.entry(r, "export.downloaded", id.String()))
	})
	if err != nil {
		return web.Reply{}, err
	}
	file, err := h.Exports.Open(ctx, e)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Stream: func(w http.ResponseWriter) error {
		defer file.Close()
		w.Header().Set("Content-Type", "application/zip")
		w.Header().Set("Content-Disposition", `attachment; filename="hlpfl-`+e.CreatedAt.UTC().Format(time.DateOnly)+`.zip"`)
		w.Header().Set("ETag", `"`+id.String()+`"`)
		http.ServeContent(patient{w, http.NewResponseController(w)}, r.Request(), "", time.Time{}, file)
		return nil
	}}, nil
}

// writeWithin is how long one piece of a long answer may take to leave.
const writeWithin = time.Minute

// patient is an answer that may take long as a whole, as long as it moves.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (p patient) Write(b []byte) (int, error) {
	if err := p.control.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return 0, err
	}
	return p.ResponseWriter.Write(b)
}
