package local

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"
	_ "github.com/lib/pq"
)

// childEnv makes this test binary play the program: it starts local mode in that folder, prints the addresses, and
// stays until its standard input ends.
const childEnv = "HLPFL_LOCAL_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

func child(dir string) int {
	s, err := Start(context.Background(), Options{DataDir: dir, Command: "serve", Address: "http://localhost:1234", Log: slog.Default()})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	_ = json.NewEncoder(os.Stdout).Encode(s)
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Stop(context.Background()); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// player is a child process that plays the program.
type player struct {
	*Services
	cmd   *exec.Cmd
	stdin io.Closer
}

// play starts a child in dir, as the given account where there is one, and waits until its services are up.
func play(t *testing.T, dir string, as *account) player {
	t.Helper()
	p, line := launchChild(t, dir, as)
	if err := json.Unmarshal([]byte(line), &p.Services); err != nil {
		t.Fatalf("the child did not start: %s", line)
	}
	return p
}

// refused starts a child that is expected to give up, and returns what it says.
func refused(t *testing.T, dir string, as *account) string {
	t.Helper()
	p, line := launchChild(t, dir, as)
	if json.Unmarshal([]byte(line), &p.Services) == nil {
		t.Fatalf("the child started in %s", dir)
	}
	return line
}

// launchChild starts this test binary as a child and returns its first line.
func launchChild(t *testing.T, dir string, as *account) (player, string) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if as != nil {
		binary = openCopy(t, binary)
	}
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	cmd.Dir = "/"
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as.credential()}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return player{cmd: cmd, stdin: stdin}, line
}

// openCopy copies the test binary, which stands where only its builder may look, to where every user may.
func openCopy(t *testing.T, binary string) string {
	t.Helper()
	text, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(sharedFolder(t), "local.test")
	if err := os.WriteFile(path, text, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// sharedFolder is a folder that every user may enter and write to, removed at the end.
func sharedFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "hl")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// ours starts local mode in this process and stops it at the end of the test.
func ours(t *testing.T, dir string) *Services {
	t.Helper()
	s, err := Start(t.Context(), Options{DataDir: dir, Command: "serve", Address: "http://localhost:8080"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask runs one query that returns one text.
func ask(t *testing.T, databaseURL, query string) string {
	t.Helper()
	db, err := sql.Open("postgres", databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var answer string
	if err := db.QueryRow(query).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// do runs a statement.
func do(t *testing.T, databaseURL, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func redisDo(t *testing.T, redisURL, command string, args ...any) string {
	t.Helper()
	c, err := redis.DialURL(redisURL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	answer, err := redis.String(c.Do(command, args...))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestStartKeepsEverythingOverARestart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), "with space, comma and 'quote")
	first := play(t, dir, nil)
	for setting, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": "", "server_encoding": "UTF8",
		"data_checksums": "on", "TimeZone": "UTC", "is_superuser": "off",
	} {
		if got := ask(t, first.DatabaseURL, "show "+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	do(t, first.DatabaseURL, "create table kept as select 'still here' as word")
	redisDo(t, first.RedisURL, "SET", "session", "alive")
	first.stdin.Close()
	if err := first.cmd.Wait(); err != nil {
		t.Fatal(err)
	}

	second := ours(t, dir)
	if got := ask(t, second.DatabaseURL, "select word from kept"); got != "still here" {
		t.Errorf("the table holds %q", got)
	}
	if got := redisDo(t, second.RedisURL, "GET", "session"); got != "alive" {
		t.Errorf("the key holds %q", got)
	}
	if second.SecretKey != first.SecretKey || len(second.SecretKey) != 64 {
		t.Errorf("the secret was %q and is %q", first.SecretKey, second.SecretKey)
	}
}

func TestServicesStopWhenTheProgramIsKilled(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), "data")
	p := play(t, dir, nil)
	do(t, p.DatabaseURL, "create table kept as select 'still here' as word")
	pid := postmaster(filepath.Join(dir, "postgres"))
	if pid == 0 {
		t.Fatal("no PostgreSQL runs in the folder")
	}
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if postmaster(filepath.Join(dir, "postgres")) == 0 && redisProcess(filepath.Join(dir, "redis")) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("services still run 10 seconds after their program was killed")
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres", "postmaster.pid")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("PostgreSQL did not stop cleanly: %v", err)
	}
	if _, err := Join(t.Context(), dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("Join says %v", err)
	}
}

func TestStartRightAfterAKill(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), "data")
	p := play(t, dir, nil)
	do(t, p.DatabaseURL, "create table kept as select 'still here' as word")
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // its services still run
	if got := ask(t, ours(t, dir).DatabaseURL, "select word from kept"); got != "still here" {
		t.Errorf("the table holds %q", got)
	}
}

func TestStartAfterAllWasKilled(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), "data")
	p := play(t, dir, nil)
	do(t, p.DatabaseURL, "create table kept as select 'still here' as word")
	// As a power cut: nobody has time to clean up, and the number in postmaster.pid may be anybody's by now.
	cluster := filepath.Join(dir, "postgres")
	for _, pid := range []int{p.cmd.Process.Pid, postmaster(cluster), redisProcess(filepath.Join(dir, "redis"))} {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(pid, err)
		}
	}
	_ = p.cmd.Wait()
	pidFile := filepath.Join(cluster, "postmaster.pid")
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal("the killed server left no pid file behind: ", err)
	}
	_, rest, _ := strings.Cut(string(text), "\n")
	if err := os.WriteFile(pidFile, []byte(fmt.Sprintf("%d\n%s", os.Getpid(), rest)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, ours(t, dir).DatabaseURL, "select word from kept"); got != "still here" {
		t.Errorf("the table holds %q", got)
	}
}

func TestAServiceThatEndsIsStartedAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), "data")
	s := ours(t, dir)
	do(t, s.DatabaseURL, "create table kept as select 'still here' as word")
	for _, pid := range []int{postmaster(filepath.Join(dir, "postgres")), redisProcess(filepath.Join(dir, "redis"))} {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(pid, err)
		}
	}
	db, err := sql.Open("postgres", s.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		var word string
		err := db.QueryRow("select word from kept").Scan(&word)
		c, redisErr := redis.DialURL(s.RedisURL)
		if redisErr == nil {
			c.Close()
		}
		if err == nil && redisErr == nil && word == "still here" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("20 seconds after they were killed: PostgreSQL %v, Redis %v", err, redisErr)
		}
	}
}

func TestASecondHolderIsToldWhoHasTheFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), "data")
	p := play(t, dir, nil)
	_, err := Start(t.Context(), Options{DataDir: dir})
	var held *Held
	if !errors.As(err, &held) {
		t.Fatalf("a second start says %v", err)
	}
	want := fmt.Sprintf("already served by process %d at http://localhost:1234", p.cmd.Process.Pid)
	if !strings.Contains(err.Error(), want) {
		t.Errorf("%q does not say %q", err, want)
	}
	if got := ask(t, p.DatabaseURL, "select 'unhurt'"); got != "unhurt" {
		t.Error(got)
	}
}

func TestCommandsJoinTheRunningOne(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), "data")
	if _, err := Join(t.Context(), dir); !errors.Is(err, ErrNotRunning) {
		t.Fatalf("joining nobody says %v", err)
	}
	p := play(t, dir, nil)
	for range 2 {
		s, err := Acquire(t.Context(), Options{DataDir: dir, Command: "seed"})
		if err != nil {
			t.Fatal(err)
		}
		if !s.Joined || s.DatabaseURL != p.DatabaseURL || s.RedisURL != p.RedisURL || s.SecretKey != p.SecretKey {
			t.Errorf("joined %+v, want %+v", s, p.Services)
		}
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if got := ask(t, p.DatabaseURL, "select 'still up'"); got != "still up" {
		t.Error(got)
	}
}

func TestACommandThatStartedTheServicesWaitsForThoseWhoJoined(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(sharedFolder(t), "data")
	first, err := Acquire(t.Context(), Options{DataDir: dir, Command: "seed"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := Acquire(t.Context(), Options{DataDir: dir, Command: "migrate"})
	if err != nil {
		t.Fatal(err)
	}
	if first.Joined || !second.Joined {
		t.Fatalf("joined: %v, %v", first.Joined, second.Joined)
	}
	if _, err := Start(t.Context(), Options{DataDir: dir}); err == nil || !strings.Contains(err.Error(), "in use by hlpfl seed") {
		t.Errorf("a serve beside them says %v", err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- first.Stop(context.Background()) }()
	select {
	case err := <-stopped:
		t.Fatalf("it stopped under the other's feet: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	if got := ask(t, second.DatabaseURL, "select 'still up'"); got != "still up" {
		t.Error(got)
	}
	if err := second.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}
