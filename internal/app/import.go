package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/hlpfl/platform/internal/importer"
)

// Import takes profiles in from files, each in a transaction of its own, and tells
// on one line a file what was done to it. The error says how many were refused; the
// others are in.
func (a *App) Import(ctx context.Context, out io.Writer, files []string) error {
	if _, err := a.Migrate(ctx); err != nil {
		return err
	}
	i := importer.Importer{Store: a.store}
	refused := 0
	for _, name := range files {
		result, err := importFile(ctx, i, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if result.Action == importer.Refused {
			refused++
		}
		line := strings.Join(append([]string{name + ": " + result.String()}, result.Notes...), "; ")
		if _, err := fmt.Fprintln(out, strings.Join(strings.Fields(line), " ")); err != nil {
			return err
		}
	}
	switch {
	case refused == 0:
		return nil
	case len(files) == 1:
		return errors.New("the file was refused")
	}
	return fmt.Errorf("%d of %d files were refused", refused, len(files))
}

// importFile reads one file, no more of it than is taken at all.
func importFile(ctx context.Context, i importer.Importer, name string) (importer.Result, error) {
	f, err := os.Open(name)
	if err != nil {
		return importer.Result{Action: importer.Refused, Reason: "it cannot be read: " + errors.Unwrap(err).Error()}, nil
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, importer.MaxFile+1))
	if err != nil {
		return importer.Result{Action: importer.Refused, Reason: "it cannot be read: " + errors.Unwrap(err).Error()}, nil
	}
	return i.Import(ctx, raw)
}
