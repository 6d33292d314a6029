// Package image tries the container image without a container daemon: the files that the Dockerfile puts into it, laid
// into an empty folder, serve there as its user.
package image

import (
	"bytes"
	"context"
	"database/sql"
	"debug/elf"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/local"
	"github.com/hlpfl/platform/internal/testenv"
)

// user is the image's user and group, as the Dockerfile says.
const user = 65532

// lay builds the program and lays the image's files into a folder.
func lay(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "hlpfl-image-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(dir, "image")
	binary := filepath.Join(dir, "hlpfl")
	for _, args := range [][]string{
		{"go", "build", "-buildvcs=false", "-tags", "nodynamic", "-o", binary, "."},
		{"scripts/image-root", binary, root},
	} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = filepath.Join("..", "..")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	return root
}

func TestTheImageServesAloneAsNobody(t *testing.T) {
	t.Parallel()
	root := lay(t)
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, strings.TrimPrefix(path, root))
		}
		return err
	})
	want := []string{"/etc/group", "/etc/passwd", "/etc/ssl/certs/ca-certificates.crt", "/hlpfl"}
	if err != nil || !slices.Equal(files, want) {
		t.Errorf("the image holds %v (%v), want %v", files, err, want)
	}
	program, err := elf.Open(filepath.Join(root, "hlpfl"))
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	if libraries, err := program.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the program wants the libraries %v (%v)", libraries, err)
	}

	owner, login := database(t)
	port, err := local.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	base := "http://127.0.0.1:" + port
	cmd := exec.Command("/hlpfl", "serve")
	cmd.Dir = "/"
	data := "/data"
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: user, Gid: user}}
	if os.Geteuid() != 0 { // only root may chroot; the rest holds for everybody
		data = filepath.Join(root, "data")
		cmd = exec.Command(filepath.Join(root, "hlpfl"), "serve")
	}
	cmd.Env = []string{
		"DATA_DIR=" + data, "HOST=127.0.0.1", "PORT=" + port, "BASE_URL=" + base, "BLOB_URL=file://" + data + "/blobs",
		"SECRET_KEY=" + strings.Repeat("5a", 32), "DATABASE_URL=" + login, "DATABASE_ADMIN_URL=" + owner,
		"REDIS_URL=" + testenv.Redis(t), "METRICS_ADDR=127.0.0.1:0",
		"SMTP_URL=smtp://127.0.0.1:1", "MAIL_FROM=mail@hlpfl.test",
	}
	said := &log{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })

	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if status, _ := get(base + "/readyz"); status == http.StatusOK {
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("it ended (%v):\n%s", err, said)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("it was not ready within a minute:\n%s", said)
		}
	}
	if status, body := get(base + "/"); status != http.StatusOK || !strings.Contains(body, "</html>") {
		t.Errorf("the landing page answers %d: %.200s", status, body)
	}
	if status, _ := get(base + "/nobody-here"); status != http.StatusNotFound {
		t.Errorf("an unknown handle answers %d", status)
	}
	answer, err := http.Post(base+"/api/auth/register", "application/json",
		strings.NewReader(`{"email":"artist@example.test","password":"a long enough password","time_zone":"Pacific/Auckland"}`))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		t.Errorf("registering, in a zone that the image must know, answers %d: %s", answer.StatusCode, body)
	}

	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("told to stop, it ends with %v:\n%s", err, said)
		}
	case <-time.After(time.Minute):
		t.Error("told to stop, it goes on")
	}
}

// database is an empty database, reached by TCP as in production, and two who sign in to it: the owner, and a login that
// owns nothing, as deploy/compose.yaml makes it.
func database(t *testing.T) (owner, login string) {
	t.Helper()
	address, err := url.Parse(testenv.EmptyDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("postgres", address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	name := "program_" + strings.TrimPrefix(address.Path, "/test_")
	if _, err := db.Exec("create role " + pq.QuoteIdentifier(name) + " login"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("drop role " + pq.QuoteIdentifier(name)); err != nil {
			t.Error(err)
		}
	})
	u := url.URL{Scheme: "postgres", User: url.User(address.User.Username()), Host: relay(t, filepath.Join(address.Query().Get("host"), ".s.PGSQL.5432")),
		Path: address.Path, RawQuery: "sslmode=disable"}
	owner = u.String()
	u.User = url.User(name)
	return owner, u.String()
}

// relay is a loopback address behind which the socket is: a program in its own root has no path to it.
func relay(t *testing.T, socket string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				continue
			}
			server, err := (&net.Dialer{}).DialContext(context.Background(), "unix", socket)
			if err != nil {
				client.Close()
				continue
			}
			go join(client, server)
			go join(server, client)
		}
	}()
	return l.Addr().String()
}

func join(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	to.Close()
	from.Close()
}

// get is the status and text of a page; 0 when nobody answers.
func get(address string) (int, string) {
	answer, err := http.Get(address)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body)
}

// log gathers what the program says.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
