package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

// sleeve is the screen that a theme's picture for choosing is taken on: about twice the size it is shown in.
var sleeve = browser.Screen{Width: 390, Height: 780, Density: 1.6}

// drawSleeves makes the picture of each theme that the editor's strip and the landing page show: sleeve-plain.webp.
func drawSleeves(ctx context.Context, stage *stage, folder, only string) error {
	for _, theme := range fan.ThemeNames() {
		if only != "" && theme != only {
			continue
		}
		var shot []byte
		err := chromedp.Run(ctx, browser.Open(sleeve, stage.address(theme, "normal", "?scheme=light")), chromedp.ActionFunc(func(ctx context.Context) error {
			var err error
			shot, err = page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(60).Do(ctx)
			return err
		}))
		if err != nil {
			return fmt.Errorf("sleeve of %s: %w", theme, err)
		}
		path := filepath.Join(folder, "sleeve-"+theme+".webp")
		if err := os.WriteFile(path, shot, 0o644); err != nil {
			return err
		}
		fmt.Println(path)
	}
	return nil
}
