package account

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// tellEvery is how often whoever waits is told how far an archive is.
const tellEvery = 500 * time.Millisecond

// pack is one archive in the making. Each of its files is read in a transaction of its
// own as its user, whose rows are all that can be seen there, and streamed.
type pack struct {
	accounts *Accounts
	export   store.Export
	zip      *zip.Writer
	at       time.Time
	parts    partList

	done, total int
	told        time.Time
	missing     []string // files of pictures that are not there
}

type partList struct{ account, profile, figures []store.OwnPart }

func readParts() (p partList, err error) {
	if p.account, err = store.OwnOfAccount(); err != nil {
		return p, err
	}
	if p.profile, err = store.OwnOfProfile(); err != nil {
		return p, err
	}
	p.figures, err = store.OwnFigures()
	return p, err
}

func (p *pack) write(ctx context.Context) (err error) {
	if p.parts, err = readParts(); err != nil {
		return err
	}
	var user model.User
	var profiles []store.OwnHandle
	err = p.as(ctx, func(tx *store.UserTx) (err error) {
		if user, err = tx.User(ctx); err != nil {
			return err
		}
		profiles, err = tx.OwnProfiles(ctx)
		return err
	})
	if err != nil {
		return err
	}
	p.total = 1 + len(p.parts.account)
	for _, own := range profiles {
		p.total += len(p.parts.profile) + len(p.parts.figures) + own.Pictures
	}
	if err := p.file(ctx, "README.txt", func(w io.Writer) error { return p.readme(w, user) }); err != nil {
		return err
	}
	for _, part := range p.parts.account {
		if err := p.part(ctx, "account/", part); err != nil {
			return err
		}
	}
	for _, own := range profiles {
		if err := p.profile(ctx, own, limited(user.Plan)); err != nil {
			return err
		}
	}
	if len(p.missing) == 0 {
		return nil
	}
	return p.file(ctx, "MISSING.txt", func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "These pictures' files could not be found in our store when this was packed:\n\n%s\n", strings.Join(p.missing, "\n"))
		return err
	})
}

func (p *pack) profile(ctx context.Context, own store.OwnHandle, limited bool) error {
	folder := "profiles/" + own.Handle.String() + "/"
	for _, part := range p.parts.profile {
		if err := p.part(ctx, folder, part, own.ID); err != nil {
			return err
		}
	}
	for _, part := range p.parts.figures {
		if err := p.part(ctx, folder+"analytics/", part, own.ID, limited); err != nil {
			return err
		}
	}
	var names []string
	err := p.as(ctx, func(tx *store.UserTx) (err error) {
		names, err = tx.OwnPictures(ctx, own.ID)
		return err
	})
	for _, name := range names {
		if err == nil {
			err = p.picture(ctx, folder+"media/", name)
		}
	}
	return err
}

// part writes one file: rows of plain values as CSV, others as a list of JSON objects,
// one a line.
func (p *pack) part(ctx context.Context, folder string, part store.OwnPart, of ...any) error {
	return p.file(ctx, folder+fileOf(part), func(w io.Writer) error {
		return p.as(ctx, func(tx *store.UserTx) error {
			if part.Table {
				return writeTable(ctx, tx, part, w, of)
			}
			return writeList(ctx, tx, part, w, of)
		})
	})
}

func fileOf(part store.OwnPart) string {
	if part.Table {
		return part.Name + ".csv"
	}
	return part.Name + ".json"
}

func writeTable(ctx context.Context, tx *store.UserTx, part store.OwnPart, w io.Writer, of []any) error {
	out := csv.NewWriter(w)
	err := tx.EachOwn(ctx, part, func(row []string) error {
		for i, text := range row {
			row[i] = cell(text)
		}
		return out.Write(row)
	}, of...)
	out.Flush()
	if err != nil {
		return err
	}
	return out.Error()
}

// cell keeps a spreadsheet from taking what a stranger wrote for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func writeList(ctx context.Context, tx *store.UserTx, part store.OwnPart, w io.Writer, of []any) error {
	before, heads := "[\n", true
	err := tx.EachOwn(ctx, part, func(row []string) error {
		if heads {
			heads = false
			return nil
		}
		_, err := io.WriteString(w, before+row[0])
		before = ",\n"
		return err
	}, of...)
	if err == nil && before == "[\n" {
		_, err = io.WriteString(w, "[")
	}
	if err == nil {
		_, err = io.WriteString(w, "\n]\n")
	}
	return err
}

// picture adds the largest form of a picture, as it is stored: it is packed already.
func (p *pack) picture(ctx context.Context, folder, name string) error {
	width, _, ok := model.ParseMedia(name)
	if !ok {
		return p.step(ctx)
	}
	file := model.MediaFile(name, width)
	r, err := p.accounts.blobs.Open(ctx, file)
	if model.KindOf(err) == model.KindNotFound {
		p.missing = append(p.missing, file)
		return p.step(ctx)
	}
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: folder + file, Method: zip.Store, Modified: p.at})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		return model.Unavailable(fmt.Errorf("pack %s: %w", file, err))
	}
	return p.step(ctx)
}

func (p *pack) file(ctx context.Context, name string, f func(io.Writer) error) error {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.at})
	if err != nil {
		return err
	}
	if err := f(w); err != nil {
		return err
	}
	return p.step(ctx)
}

// step counts a part, and says now and then how many there are.
func (p *pack) step(ctx context.Context) error {
	p.done++
	if time.Since(p.told) < tellEvery {
		return ctx.Err()
	}
	p.told = time.Now()
	return p.accounts.store.System(ctx, func(tx *store.SystemTx) error {
		return tx.ExportProgress(ctx, p.export.ID, min(p.done, p.total), p.total)
	})
}

func (p *pack) as(ctx context.Context, f func(*store.UserTx) error) error {
	return p.accounts.store.AsUser(ctx, p.export.User, f)
}

// readme says what each file is.
func (p *pack) readme(w io.Writer, user model.User) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Everything HLPFL has of %s\n%s, packed on %s (UTC)\n\n", user.Email, p.accounts.origin, p.at.Format("2 January 2006, 15:04"))
	b.WriteString("Lists are JSON, one entry a line; figures are CSV, for a spreadsheet. Times are in UTC.\nNothing in here opens anything: passwords, keys and codes are not among it.\n\n")
	tell := func(folder string, parts []store.OwnPart) {
		for _, part := range parts {
			fmt.Fprintf(&b, "%s\n    %s\n", folder+fileOf(part), part.Says)
		}
	}
	tell("account/", p.parts.account)
	b.WriteString("\nAnd for each of your pages, deleted ones that can still be restored as well:\n\n")
	tell("profiles/<handle>/", p.parts.profile)
	tell("profiles/<handle>/analytics/", p.parts.figures)
	b.WriteString("profiles/<handle>/media/\n    Its pictures in full size, as we store them.\n")
	if limited(user.Plan) {
		b.WriteString("\nYour plan shows a part of the figures alone; so do these files.\n")
	}
	_, err := io.WriteString(w, strings.ReplaceAll(b.String(), "\n", "\r\n"))
	return err
}
