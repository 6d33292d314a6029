package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/hlpfl/platform/internal/seed/art"
	"github.com/hlpfl/platform/tests/bench/load"
)

// stage is the running program with one artist on a plan for many profiles.
type stage struct {
	process *load.Process
	token   string
}

const artist = "ines@example.com"

func start(ctx context.Context, program, folder string) (s *stage, err error) {
	env := append(os.Environ(), "DATABASE_URL=", "DATA_DIR="+filepath.Join(folder, "data"))
	p, env, err := load.Serve(ctx, program, env)
	if err != nil {
		return nil, err
	}
	s = &stage{process: p}
	defer func() {
		if err != nil {
			p.Stop()
		}
	}()
	var entered struct {
		Token string `json:"access_token"`
	}
	if err := s.send(ctx, http.MethodPost, "/api/auth/register", map[string]any{"email": artist, "password": "harbour-fog-7-rivers"}, &entered); err != nil {
		return nil, err
	}
	s.token = entered.Token
	c := exec.CommandContext(ctx, program, "admin", "plan", artist, "enterprise", "--reason", "Lighthouse")
	c.Env = env
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("admin plan: %w\n%s", err, out)
	}
	return s, nil
}

// page makes a page in a theme and gives its address: a picture, five socials and
// fifteen links.
func (s *stage) page(ctx context.Context, theme string) (address string, err error) {
	var p struct {
		ID      string `json:"id"`
		Version int64  `json:"version"`
		URL     string `json:"url"`
	}
	err = s.send(ctx, http.MethodPost, "/api/profiles", map[string]any{"handle": "ines." + theme, "profile_name": "Ines Okafor"}, &p)
	if err != nil {
		return "", err
	}
	portrait, ok := art.Named("portrait-ines")
	if !ok {
		return "", fmt.Errorf("the demo portrait is gone")
	}
	name, err := s.upload(ctx, p.ID, portrait)
	if err != nil {
		return "", err
	}
	var socials, blocks []map[string]any
	for _, at := range []string{"https://www.instagram.com/ines.example", "https://www.tiktok.com/@ines.example", "https://www.youtube.com/@ines.example", "https://open.spotify.com/artist/4Z8W4fKeB5YxbusRsdQVPb", "https://ines-example.bandcamp.com/"} {
		socials = append(socials, map[string]any{"url": at})
	}
	for n := range 15 {
		blocks = append(blocks, map[string]any{"type": "link", "title": "Slow Harbour, song " + strconv.Itoa(n+1), "url": "https://ines-example.bandcamp.com/track/" + strconv.Itoa(n+1)})
	}
	err = s.send(ctx, http.MethodPut, "/api/profiles/"+p.ID, map[string]any{"version": p.Version, "profile_data": map[string]any{
		"bio": "Soul, dub and harbour fog. London–Lagos.", "theme": map[string]any{"name": theme}, "socials": socials, "blocks": blocks,
		"picture": map[string]any{"media": name, "alt": portrait.Alt, "focus": portrait.Focus},
	}}, nil)
	return p.URL, err
}

// upload puts the portrait in and gives its name.
func (s *stage) upload(ctx context.Context, profile string, portrait art.Piece) (string, error) {
	file := portrait.File(portrait.Width())
	raw, err := art.Read(file)
	if err != nil {
		return "", err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", file)
	if err != nil {
		return "", err
	}
	if _, err := part.Write(raw); err != nil {
		return "", err
	}
	if err := form.Close(); err != nil {
		return "", err
	}
	var made struct {
		ID string `json:"id"`
	}
	err = s.ask(ctx, http.MethodPost, "/api/profiles/"+profile+"/media", form.FormDataContentType(), &body, &made)
	return made.ID, err
}

func (s *stage) send(ctx context.Context, method, path string, in, out any) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return s.ask(ctx, method, path, "application/json", bytes.NewReader(raw), out)
}

func (s *stage) ask(ctx context.Context, method, path, kind string, body io.Reader, out any) error {
	r, err := http.NewRequestWithContext(ctx, method, s.process.URL+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", kind)
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s\n%s", method, path, res.Status, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}
