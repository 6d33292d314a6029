package analytics

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

func newSpool(t *testing.T, dir string) *Spool {
	t.Helper()
	s, err := OpenSpool(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func packOf(n int) []byte {
	e := model.Event{ID: model.NewEventID(), Profile: model.NewProfileID(), Kind: model.View, Visit: model.Visit{Source: fmt.Sprint(n)}}
	return appendEvent([]byte{packVersion}, &e)
}

// replayed gives the sources of all events that a replay hands over.
func replayed(t *testing.T, s *Spool) (sources []string) {
	t.Helper()
	_, err := s.Replay(func(packs ...[]byte) error {
		for _, p := range packs {
			if len(p) > store.MaxBatch {
				t.Errorf("a row of %d bytes", len(p))
			}
			events, bad, err := readPack(p, nil)
			if err != nil || bad != nil {
				t.Errorf("unreadable: %v %v", err, bad)
			}
			for _, e := range events {
				sources = append(sources, e.Source)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

func TestSpoolKeepsOrderAndJoinsPacks(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir())
	for n := range 500 {
		if err := s.Append(packOf(n)); err != nil {
			t.Fatal(err)
		}
	}
	if got := replayed(t, newSpool(t, s.dir)); got != nil {
		t.Fatalf("%d events replayed out of a segment that somebody holds", len(got))
	}
	s.Release()
	got := replayed(t, newSpool(t, s.dir))
	if len(got) != 500 || got[0] != "0" || got[499] != "499" {
		t.Fatalf("%d events", len(got))
	}
	if left, _ := os.ReadDir(s.dir); len(left) != 0 {
		t.Errorf("%d files are left", len(left))
	}
}

func TestReplayThatFailsKeepsTheSegment(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir())
	if err := s.Append(packOf(1)); err != nil {
		t.Fatal(err)
	}
	s.Release()
	away := errors.New("away")
	if _, err := s.Replay(func(...[]byte) error { return away }); !errors.Is(err, away) {
		t.Fatalf("error %v", err)
	}
	if got := replayed(t, s); len(got) != 1 {
		t.Errorf("%d events after a replay that failed", len(got))
	}
}

// What a crash leaves at the end was never answered; damage in the middle is kept
// for a person.
func TestCutAndDamagedSegments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		harm func([]byte) []byte
		want int
		kept bool
	}{
		{"whole", func(b []byte) []byte { return b }, 3, false},
		{"cut in the last record", func(b []byte) []byte { return b[:len(b)-5] }, 2, false},
		{"cut in the last head", func(b []byte) []byte { return b[:len(b)-len(packOf(3))-3] }, 2, false},
		{"zeros at the end", func(b []byte) []byte { return append(b, make([]byte, 4096)...) }, 3, false},
		{"only half a name", func(b []byte) []byte { return b[:4] }, 0, false},
		{"empty", func([]byte) []byte { return nil }, 0, false},
		{"one byte of the middle", func(b []byte) []byte { b[len(b)/2] ^= 1; return b }, 1, true},
		{"another file", func([]byte) []byte { return bytes.Repeat([]byte("x"), 100) }, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSpool(t, t.TempDir())
			for n := range 3 {
				if err := s.Append(packOf(n)); err != nil {
					t.Fatal(err)
				}
			}
			s.Release()
			names, _ := filepath.Glob(filepath.Join(s.dir, "*"+spoolSuffix))
			data, err := os.ReadFile(names[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(names[0], c.harm(data), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := replayed(t, s); len(got) != c.want {
				t.Errorf("%d events, want %d", len(got), c.want)
			}
			left, _ := filepath.Glob(filepath.Join(s.dir, "*.damaged"))
			if kept := len(left) == 1; kept != c.kept {
				t.Errorf("kept for a person: %v, want %v", kept, c.kept)
			}
			if again := replayed(t, s); len(again) != 0 {
				t.Errorf("%d events came again", len(again))
			}
		})
	}
}

// After a write that failed the rest of the file cannot be trusted: what follows
// goes into another.
func TestFailedSyncStartsAnotherSegment(t *testing.T) {
	t.Parallel()
	s := newSpool(t, t.TempDir())
	if err := s.Append(packOf(0)); err != nil {
		t.Fatal(err)
	}
	works := s.sync
	s.sync = func(*os.File) error { return errors.New("input/output error") }
	if err := s.Append(packOf(1)); err == nil {
		t.Fatal("a sync that failed went unnoticed")
	}
	s.sync = works
	if err := s.Append(packOf(2)); err != nil {
		t.Fatal(err)
	}
	if names, _ := filepath.Glob(filepath.Join(s.dir, "*"+spoolSuffix)); len(names) != 2 {
		t.Errorf("%d segments, want 2", len(names))
	}
}

func TestSpoolThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSpool(filepath.Join(file, "spool"), slog.Default()); err == nil {
		t.Error("a folder inside a file")
	}
}
