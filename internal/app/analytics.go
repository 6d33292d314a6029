package app

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/hlpfl/platform/internal/analytics"
)

// RebuildAnalytics makes the roll-ups from raw events again and shows how far it is.
func (a *App) RebuildAnalytics(ctx context.Context, w io.Writer) error {
	if _, err := a.Migrate(ctx); err != nil {
		return err
	}
	told := -1
	err := analytics.Rebuild(ctx, a.store, func(done, total int) {
		percent := 100
		if total > 0 {
			percent = 100 * done / total
		}
		if percent == told {
			return
		}
		told = percent
		fmt.Fprintf(w, "\r[%-50s] %3d %%  %d of %d days", strings.Repeat("=", percent/2), percent, done, total)
	})
	fmt.Fprintln(w)
	return err
}
