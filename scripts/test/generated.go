package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// generated makes the code of all templates again, in a temporary folder, and compares.
func generated(ctx context.Context) error {
	const source = "views"
	tmp, err := os.MkdirTemp("", "hlpfl-views-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	committed, rooms := map[string]bool{}, map[string]bool{}
	err = filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch {
		case d.IsDir():
			return os.Mkdir(filepath.Join(tmp, path), 0o755)
		case strings.HasSuffix(path, "_templ.go"):
			committed[path] = true
		case strings.HasSuffix(path, ".templ"):
			rooms[filepath.Dir(path)] = true
			return copyFile(path, filepath.Join(tmp, path))
		}
		return nil
	})
	if err != nil {
		return err
	}
	// The command looks there for templ's version.
	if err := copyFile("go.mod", filepath.Join(tmp, "go.mod")); err != nil {
		return err
	}
	// Room by room, as make generate does: the code holds the template's path from there on.
	for room := range rooms {
		if err := command(ctx, "go", "tool", "templ", "generate", "-path", filepath.Join(tmp, room)); err != nil {
			return err
		}
	}
	var stale []string
	err = filepath.WalkDir(filepath.Join(tmp, source), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_templ.go") {
			return err
		}
		name, err := filepath.Rel(tmp, path)
		if err != nil {
			return err
		}
		fresh, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		old, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if !bytes.Equal(fresh, old) {
			stale = append(stale, name)
		}
		delete(committed, name)
		return nil
	})
	if err != nil {
		return err
	}
	for name := range committed {
		stale = append(stale, name+" (its template is gone)")
	}
	if len(stale) > 0 {
		return fmt.Errorf("run make generate and commit: %s", strings.Join(stale, ", "))
	}
	return nil
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}
