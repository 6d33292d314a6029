package seed

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/seed/art"
	"github.com/hlpfl/platform/store"
)

// album is the pictures that a demo page shows.
type album []media.Picture

var (
	artForm = regexp.MustCompile(`"media":\s*"art:([a-z-]+)"`)
	dayForm = regexp.MustCompile(`\{([+-][0-9]+)\}`)
)

// album makes the pictures that a demo names, and puts what they are really called,
// and the days that are counted from today, into its document.
func (s *seeder) album(ctx context.Context, d *demo) (album, error) {
	if d.Picture != "" {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(d.ProfileData, &fields); err != nil {
			return nil, err
		}
		fields["picture"] = json.RawMessage(`{"media":"art:` + d.Picture + `"}`)
		data, err := json.Marshal(fields)
		if err != nil {
			return nil, err
		}
		d.ProfileData = data
	}
	var all album
	var failed error
	d.ProfileData = artForm.ReplaceAllFunc(d.ProfileData, func(named []byte) []byte {
		picture, piece, err := s.picture(ctx, string(artForm.FindSubmatch(named)[1]))
		if err != nil {
			failed = err
			return named
		}
		if !slices.ContainsFunc(all, func(p media.Picture) bool { return p.Name == picture.Name }) {
			all = append(all, picture)
		}
		own, err := json.Marshal(model.Picture{Media: picture.Name, Alt: piece.Alt, Focus: piece.Focus})
		if err != nil {
			failed = err
		}
		return bytes.Trim(own, "{}")
	})
	d.ProfileData = dayForm.ReplaceAllFunc(d.ProfileData, func(text []byte) []byte {
		days, err := strconv.Atoi(string(text[1 : len(text)-1]))
		if err != nil {
			failed = err
		}
		return []byte(s.now.AddDate(0, 0, days).Format(time.DateOnly))
	})
	return all, failed
}

// picture is a piece of the demo art as pages keep pictures.
func (s *seeder) picture(ctx context.Context, name string) (media.Picture, art.Piece, error) {
	piece, ok := art.Named(name)
	if !ok {
		return media.Picture{}, piece, fmt.Errorf("there is no picture %s", name)
	}
	if made, ok := s.pictures[name]; ok {
		return made, piece, nil
	}
	files := map[int][]byte{}
	for _, width := range piece.Widths {
		file, err := art.Read(piece.File(width))
		if err != nil {
			return media.Picture{}, piece, err
		}
		files[width] = file
	}
	var picture media.Picture
	var err error
	if slices.Equal(piece.Widths, model.MediaWidths(piece.Width())) {
		picture, err = media.FromWebP(files, piece.Width(), piece.Height)
	} else {
		picture, err = s.maker.Make(ctx, bytes.NewReader(files[piece.Width()]))
	}
	if err == nil {
		s.pictures[name] = picture
	}
	return picture, piece, err
}

// bare is the document as a page begins with while its pictures are not its own yet.
func (a album) bare(doc model.Document) model.Document {
	if len(a) == 0 {
		return doc
	}
	fresh := model.NewDocument()
	fresh.Bio, fresh.Theme = doc.Bio, doc.Theme
	return fresh
}

// hang gives a profile its pictures, and then the document that shows them.
func (s *seeder) hang(ctx context.Context, tx *store.UserTx, p model.Profile, doc model.Document, all album) (model.Profile, error) {
	for _, picture := range all {
		// Committed on its own, before the first file is written.
		err := s.Store.AsUser(ctx, tx.UserID, func(tx *store.UserTx) error { return tx.TouchMedia(ctx, picture.Name, picture.Bytes()) })
		if err != nil {
			return p, err
		}
		if err := s.Media.Put(ctx, picture); err != nil {
			return p, err
		}
		if err := tx.AddMedia(ctx, p.ID, picture.Name); err != nil {
			return p, err
		}
	}
	return tx.SaveProfile(ctx, p.ID, p.Version, model.ProfileChange{Document: &doc}, store.Origin{})
}
