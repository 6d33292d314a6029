package app_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/app"
	"github.com/hlpfl/platform/internal/testenv"
)

func TestImportTellsOneLineAFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	env := map[string]string{
		"DATABASE_URL": testenv.Database(t), "REDIS_URL": "redis://127.0.0.1:1", "DATA_DIR": folder, "BASE_URL": "http://localhost:8080",
		"SECRET_KEY": strings.Repeat("5a", 32), "BLOB_URL": "file://" + folder,
		"SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "mail@hlpfl.test",
	}
	cfg, err := config.Load(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(context.Background(), app.Options{Config: cfg, Command: "import"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.json", `{"handle":"good","owner_email":"good@hlpfl.example","profile_name":"Good","profile_data":{"blocks":[{"type":"link","title":"x","url":"javascript:x"}]}}`)
	bad, absent := file("bad.json", "{}"), filepath.Join(folder, "absent.json")

	var out bytes.Buffer
	err = a.Import(context.Background(), &out, []string{bad, good, absent, good})
	if err == nil || err.Error() != "2 of 4 files were refused" {
		t.Errorf("told as %v", err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i, want := range []string{
		bad + ": refused: handle:", good + ": created good; link 1 left out: javascript: is not allowed.",
		absent + ": refused: it cannot be read: no such file or directory", good + ": updated good; link 1 left out",
	} {
		if len(lines) != 4 || !strings.HasPrefix(lines[i], want) {
			t.Fatalf("line %d does not begin with %q in\n%s", i+1, want, out.String())
		}
	}
}
