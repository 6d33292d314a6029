// Command look draws contact sheets: every theme in every state and every screen of the desk, on a phone and on a desk,
// light and dark, so that all of it can be looked at in a minute.
//
//	go run ./tests/look [-out tests/look/out] [-only jacket]
//	go run ./tests/look -sleeves static/img [-only jacket]
//
// The second form makes the pictures by which artists choose a theme.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/hlpfl/platform/handlers/dev"
	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

func main() {
	log.SetFlags(0)
	out := flag.String("out", filepath.Join("tests", "look", "out"), "folder for the sheets")
	only := flag.String("only", "", "one theme or room (ui, site, artist) alone")
	sleeves := flag.String("sleeves", "", "folder for the pictures of the themes; no sheets then")
	flag.Parse()
	if err := run(*out, *sleeves, *only); err != nil {
		log.Fatal(err)
	}
}

func run(out, sleeves, only string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	stage, err := newStage()
	if err != nil {
		return err
	}
	defer stage.close()
	session, stop, err := browser.Start(ctx, browser.Options{})
	if err != nil {
		return err
	}
	defer stop()
	if sleeves != "" {
		return drawSleeves(session, stage, sleeves, only)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, theme := range fan.ThemeNames() {
		if only != "" && theme != only {
			continue
		}
		sheet, err := drawSheet(session, stage, theme)
		if err != nil {
			return fmt.Errorf("sheet of %s: %w", theme, err)
		}
		path := filepath.Join(out, theme+".webp")
		if err := os.WriteFile(path, sheet, 0o644); err != nil {
			return err
		}
		fmt.Println(path)
	}
	for _, room := range dev.Rooms() {
		if only != "" && room.Name != only {
			continue
		}
		sheets, err := drawScreens(session, stage, room)
		if err != nil {
			return fmt.Errorf("screens of %s: %w", room.Name, err)
		}
		for i, sheet := range sheets {
			path := filepath.Join(out, fmt.Sprintf("%s-%d.webp", room.Name, i+1))
			if err := os.WriteFile(path, sheet, 0o644); err != nil {
				return err
			}
			fmt.Println(path)
		}
	}
	return nil
}
