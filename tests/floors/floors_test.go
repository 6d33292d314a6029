// Package floors holds the house to its floors: imports only go down.
package floors

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/hlpfl/platform"

// floors from the ground up. A package stands on the floor of its longest prefix.
var floors = map[string]int{
	"internal/model": 0,
	"config":         1, "internal/plans": 1, "internal/providers": 1, "static": 1, "migrations": 1,
	"store":             2,
	"views":             3,
	"internal":          4, // capabilities: siblings
	"internal/seed":     5, // demo data, made with several of them
	"internal/seed/art": 1,
	"handlers":          5,
	"internal/app":      6,
	"main":              7,
}

// together are rooms of one floor that may import each other, from the first to
// the second: rooms share what stands in their floor's common packages.
var together = map[string][]string{
	"views":    {"views", "views/ui"},
	"handlers": {"handlers/web"},
}

// support is code for tests and tools; no floor, and nobody above may import it.
var support = []string{"tests", "tools", "internal/testenv"}

type pack struct {
	ImportPath string
	Imports    []string
}

func TestImportsOnlyGoDown(t *testing.T) {
	for _, p := range packages(t) {
		from, ok := inside(p.ImportPath)
		if !ok || isSupport(from) {
			continue
		}
		for _, path := range p.Imports {
			to, ok := inside(path)
			if !ok {
				continue
			}
			if reason := forbidden(from, to); reason != "" {
				t.Errorf("%s imports %s: %s", from, to, reason)
			}
		}
	}
}

// Knowledge that stands in one place: who may import which library.
var only = map[string][]string{
	"github.com/labstack/echo/v4":      {"handlers", "internal/app"},
	"github.com/alexedwards/scs/v2":    {"handlers"},
	"github.com/jmoiron/sqlx":          {"store"},
	"github.com/lib/pq":                {"store", "internal/local"},
	"github.com/gomodule/redigo/redis": {"store"},
	"github.com/golang-jwt/jwt/v5":     {"internal/auth"},
	"github.com/alexedwards/argon2id":  {"internal/auth"},
	"gocloud.dev/blob":                 {"internal/media"},
	"github.com/wneessen/go-mail":      {"internal/mail"},
	"github.com/pressly/goose/v3":      {"store"},
	"github.com/spf13/cobra":           {"main"},
}

func TestLibrariesStandInTheirPlace(t *testing.T) {
	for _, p := range packages(t) {
		from, ok := inside(p.ImportPath)
		if !ok || isSupport(from) {
			continue
		}
		for _, path := range p.Imports {
			if may, guarded := only[path]; guarded && !under(from, may) {
				t.Errorf("%s imports %s, which only %s may", from, path, strings.Join(may, ", "))
			}
		}
	}
}

func TestFloorsAreChecked(t *testing.T) {
	for _, bad := range [][2]string{
		{"store", "handlers/web"}, {"internal/auth", "internal/analytics"}, {"internal/model", "store"},
		{"views/artist", "views/fan"}, {"handlers/fan", "handlers/artist"}, {"store", "internal/testenv"}, {"config", "store"},
	} {
		if forbidden(bad[0], bad[1]) == "" {
			t.Errorf("%s may import %s", bad[0], bad[1])
		}
	}
	for _, good := range [][2]string{
		{"main", "internal/app"}, {"internal/app", "handlers"}, {"handlers", "handlers/fan"}, {"handlers/fan", "handlers/web"},
		{"views/artist", "views/ui"}, {"internal/auth", "store"}, {"store", "internal/model"}, {"internal/pages", "views/fan"},
		{"internal/seed", "internal/seed/art"},
	} {
		if reason := forbidden(good[0], good[1]); reason != "" {
			t.Errorf("%s may not import %s: %s", good[0], good[1], reason)
		}
	}
}

func forbidden(from, to string) string {
	if isSupport(to) {
		return "test support is for tests"
	}
	a, b := floor(from), floor(to)
	switch {
	case a > b, strings.HasPrefix(to, from+"/") && a == b && from != "views":
		return ""
	case a < b:
		return "that is a floor above"
	}
	for _, common := range together[strings.SplitN(from, "/", 2)[0]] {
		if to == common {
			return ""
		}
	}
	return "siblings do not import each other"
}

func floor(path string) int {
	for p := path; ; {
		if n, ok := floors[p]; ok {
			return n
		}
		i := strings.LastIndex(p, "/")
		if i < 0 {
			return 99 // a new top-level folder must be given a floor
		}
		p = p[:i]
	}
}

func inside(path string) (string, bool) {
	if path == module {
		return "main", true
	}
	return strings.CutPrefix(path, module+"/")
}

func isSupport(path string) bool { return under(path, support) }

func under(path string, folders []string) bool {
	for _, f := range folders {
		if path == f || strings.HasPrefix(path, f+"/") {
			return true
		}
	}
	return false
}

func packages(t *testing.T) []pack {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pack
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pack
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("only %d packages found", len(all))
	}
	return all
}
