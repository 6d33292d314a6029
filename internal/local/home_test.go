package local

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"
)

// ordinary is an account that is not root's: nobody's, or our own when we are no root ourselves.
func ordinary(t *testing.T) *account {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return &account{name: "nobody", uid: uid, gid: gid}
}

func TestAnOrdinaryUserStartsAndStartsAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), "data")
	as := ordinary(t)
	for range 2 {
		p := play(t, dir, as)
		joined, err := Join(t.Context(), dir) // as root, where we are root
		if err != nil {
			t.Fatal(err)
		}
		if err := joined.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		do(t, p.DatabaseURL, "create table if not exists kept as select 'still here' as word")
		if got := ask(t, p.DatabaseURL, "select word from kept"); got != "still here" {
			t.Error(got)
		}
		p.stdin.Close()
		if err := p.cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o700 {
		t.Errorf("an ordinary user's data folder is %o, want 700", got)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		file, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := file.Sys().(*syscall.Stat_t).Uid, info.Sys().(*syscall.Stat_t).Uid; got != want {
			t.Errorf("%s belongs to user %d, want %d", f.Name(), got, want)
		}
	}
}

// TestADataFolderThatPostgresCannotReach stands for a clone under /root: root goes elsewhere, an ordinary user, whose
// own PostgreSQL is, does not.
func TestADataFolderThatPostgresCannotReach(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(sharedFolder(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "data")
	first := ours(t, dir)
	do(t, first.DatabaseURL, "create table kept as select 'still here' as word")
	folder := first.home.folder
	if os.Geteuid() != 0 {
		if folder != dir {
			t.Errorf("the database is in %s, want %s", folder, dir)
		}
		return
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	note, err := os.ReadFile(filepath.Join(dir, noteName))
	if err != nil || strings.TrimSpace(string(note)) != folder || !strings.HasPrefix(folder, outside+"/") {
		t.Errorf("the note says %q (%v), the folder is %s", note, err, folder)
	}
	if of, err := os.ReadFile(filepath.Join(folder, ownerName)); err != nil || strings.TrimSpace(string(of)) != dir {
		t.Errorf("the folder's note says %q (%v), want %s", of, err, dir)
	}
	if info, err := os.Stat(closed); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the closed folder has become %v (%v)", info.Mode(), err)
	}

	// A copy of the data folder carries the note along.
	double := filepath.Join(closed, "double")
	if err := os.CopyFS(double, noteAlone{os.DirFS(dir)}); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Options{DataDir: double}); err == nil || !strings.Contains(err.Error(), "is in use by another data folder") {
		t.Errorf("a copy beside the running original says %v", err)
	}

	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	second, err := Start(t.Context(), Options{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, second.DatabaseURL, "select word from kept"); got != "still here" {
		t.Error(got)
	}
	if err := second.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Options{DataDir: dir}); err == nil || !strings.Contains(err.Error(), "which is gone") {
		t.Errorf("with the database's folder gone it says %v", err)
	}
}

// noteAlone is a folder in which there is only the note.
type noteAlone struct{ fs.FS }

func (n noteAlone) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(n.FS, name)
	var kept []fs.DirEntry
	for _, e := range entries {
		if e.Name() == noteName {
			kept = append(kept, e)
		}
	}
	return kept, err
}

func TestALongPathHasItsSocketElsewhere(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), strings.Repeat("long", 30))
	s := ours(t, dir)
	if got := ask(t, s.DatabaseURL, "select 'up'"); got != "up" {
		t.Error(got)
	}
	sockets := s.home.sockets
	if len(filepath.Join(sockets, socketName)) >= socketPathMax {
		t.Errorf("the socket's path is too long: %s", sockets)
	}
	if info, err := os.Stat(sockets); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's folder is not closed: %v %v", info, err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(sockets); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket's folder is left behind: %v", err)
	}
}

func TestAForeignFolderIsNotTrusted(t *testing.T) {
	t.Parallel()
	foreign, me := "/usr", (*account)(nil)
	if os.Geteuid() == 0 {
		foreign = filepath.Join(sharedFolder(t), "run")
		if err := os.Mkdir(foreign, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(foreign, 12345, 12345); err != nil {
			t.Fatal(err)
		}
	}
	if err := me.folder(foreign); err == nil || !strings.Contains(err.Error(), "belongs to user") {
		t.Errorf("another user's folder is taken: %v", err)
	}
	link := filepath.Join(sharedFolder(t), "link")
	if err := os.Symlink(sharedFolder(t), link); err != nil {
		t.Fatal(err)
	}
	if err := me.folder(link); err == nil || !strings.Contains(err.Error(), "in the way") {
		t.Errorf("a symbolic link is taken: %v", err)
	}
}

func TestFailuresSayWhatToDo(t *testing.T) {
	t.Parallel()
	base := sharedFolder(t)
	file := filepath.Join(base, "file")
	badKey := filepath.Join(base, "badkey")
	notOurs := filepath.Join(base, "notours")
	strange := filepath.Join(base, "strange")
	for _, err := range []error{
		os.WriteFile(file, nil, 0o600),
		os.Mkdir(badKey, 0o711), os.WriteFile(filepath.Join(badKey, "secret"), []byte("short"), 0o600),
		os.MkdirAll(filepath.Join(notOurs, "postgres"), 0o711), os.WriteFile(filepath.Join(notOurs, "postgres", "PG_VERSION"), []byte("9\n"), 0o644),
		os.MkdirAll(filepath.Join(strange, "postgres"), 0o711), os.Chmod(notOurs, 0o711), os.Chmod(strange, 0o711),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for dir, want := range map[string]string{
		"":                                "DATA_DIR is empty",
		file:                              "is a file: set DATA_DIR to a folder",
		filepath.Join(base, "no", "data"): "does not exist: make it, or set DATA_DIR",
		badKey:                            "is not a key of 64 hex digits: put the right one back",
		notOurs:                           "made by PostgreSQL 9, which is not installed: apt-get install postgresql-9",
		strange:                           "is not a PostgreSQL data folder: move it away",
	} {
		s, err := Start(t.Context(), Options{DataDir: dir})
		if err == nil {
			_ = s.Stop(context.Background())
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want one line with %q", dir, err, want)
		}
	}
}

func TestAFolderThatMayNotBeWrittenTo(t *testing.T) {
	t.Parallel()
	dir := sharedFolder(t)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{
		filepath.Join(dir, "data"): "cannot make the data folder " + dir,
		dir:                        "cannot write to the data folder " + dir,
	} {
		said := refused(t, at, ordinary(t))
		if !strings.Contains(said, want) || !strings.Contains(said, "permission denied") || !strings.Contains(said, "set DATA_DIR to a folder you may write to") {
			t.Errorf("it says %q, want %q", said, want)
		}
	}
}

func TestChoiceOfPostgres(t *testing.T) {
	t.Parallel()
	all := []installed{{"a", 14}, {"b", 17}, {"c", 15}}
	for major, want := range map[int]string{0: "b", 15: "c", 17: "b"} {
		if got, err := choose(all, major); err != nil || got.bin != want {
			t.Errorf("for version %d: %v %v, want %s", major, got, err, want)
		}
	}
	for _, few := range [][]installed{nil, all[:1]} {
		if _, err := choose(few, 0); err == nil || err.Error() != "PostgreSQL 15 or later is not installed: apt-get install postgresql, or set DATABASE_URL" {
			t.Errorf("with %v it says %v", few, err)
		}
	}
	if _, err := choose(all, 16); err == nil || !strings.Contains(err.Error(), "apt-get install postgresql-16") {
		t.Errorf("for a missing version it says %v", err)
	}
}

func TestTheKeyIsOursAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := secret(dir)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := secret(dir); err != nil || again != first || len(first) != 64 {
		t.Errorf("first %q, then %q (%v)", first, again, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "secret")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its file is %v (%v), want 600", info.Mode(), err)
	}
	if other, err := secret(t.TempDir()); err != nil || other == first {
		t.Errorf("another folder has the same key (%v)", err)
	}
}

// TestWithoutRedisServer is not parallel: it changes where programs are looked for.
func TestWithoutRedisServer(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	s := ours(t, filepath.Join(sharedFolder(t), "data"))
	c, err := redis.DialURL(s.RedisURL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Do("SET", "short", "life", "PX", 1500); err != nil {
		t.Fatal(err)
	}
	if n, err := redis.Int(c.Do("EXISTS", "short")); err != nil || n != 1 {
		t.Fatalf("the key is not there: %d %v", n, err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		n, err := redis.Int(c.Do("EXISTS", "short"))
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("a key with 1.5 seconds to live is there after 10")
		}
	}
}

// TestServersWhoseWatchersWereKilledToo are ended by the next start.
func TestServersWhoseWatchersWereKilledToo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), "data")
	p := play(t, dir, nil)
	do(t, p.DatabaseURL, "create table kept as select 'still here' as word")
	server := postmaster(filepath.Join(dir, "postgres"))
	watcher, err := strconv.Atoi(statFields(server)[1])
	if err != nil {
		t.Fatal(err)
	}
	victims := []int{p.cmd.Process.Pid, watcher}
	for _, pid := range childrenOf(watcher) {
		if pid != server {
			victims = append(victims, pid)
		}
	}
	if len(victims) != 3 {
		t.Fatalf("want the program, the watcher and the watcher's child: %v", victims)
	}
	for _, pid := range []int{victims[2], victims[1], victims[0]} {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	_ = p.cmd.Wait()
	if postmaster(filepath.Join(dir, "postgres")) != server {
		t.Fatal("the server should have outlived its watchers")
	}
	if got := ask(t, ours(t, dir).DatabaseURL, "select word from kept"); got != "still here" {
		t.Error(got)
	}
}
