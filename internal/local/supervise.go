package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// watch is the process between us and a service. It starts the service, waits on a pipe whose other end only we hold,
// and on its end of file asks the service to stop. The kernel closes that pipe however we die, kill -9 included, and a
// shell shares neither our name nor our memory, so what kills the program does not kill it too. Signals meant for the
// program (Ctrl-C, a supervisor that signals the whole group) are ignored here: the pipe alone decides.
//
// $1 is the signal that asks the service to stop, $2 a folder to remove once it has stopped (or nothing), unless a file
// "keep" is in it; the rest is the command. Descriptor 3 is the lock that the service and its children hold for as long as any of them lives; the
// watcher lets go of it.
const watch = `
stop=$1 remove=$2
shift 2
exec 4<&0 </dev/null
trap '' HUP INT TERM
"$@" 4<&- &
child=$!
(read -r never <&4; kill -s "$stop" "$child") 3<&- 2>/dev/null &
watcher=$!
exec 4<&-
wait "$child"
code=$?
kill -s KILL "$watcher"
wait "$watcher"
[ -z "$remove" ] || [ -e "$remove/keep" ] || rm -rf -- "$remove"
exit "$code"
`

// service says how one child process is run.
type service struct {
	name   string
	args   []string
	as     *account // nil: as ourselves
	log    string   // file that its output is appended to
	lock   string   // file that is locked for as long as any of its processes lives
	signal string   // what asks it to stop: INT, TERM, QUIT
	remove string   // folder to remove when it has stopped, "" for none
}

// process is a service that runs.
type process struct {
	cmd  *exec.Cmd
	pipe *os.File // closing it stops the service
	done chan struct{}
	err  error // how it ended, readable once done is closed
}

// spawn starts the service. Its lock must be free: processes left by a killed predecessor hold it until they are gone,
// so call freed first.
func spawn(s service) (*process, error) {
	lock, err := tryLock(s.lock)
	if err != nil {
		return nil, fmt.Errorf("cannot lock %s for %s: %w", s.lock, s.name, err)
	}
	defer lock.Close()
	output, err := os.OpenFile(s.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", s.log, plain(err))
	}
	defer output.Close()
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()

	// It lives until stop, whatever becomes of the context of the one who asked for it.
	cmd := exec.CommandContext(context.Background(), "/bin/sh", append([]string{"-c", watch, "watch-" + s.name, s.signal, s.remove}, s.args...)...)
	cmd.Dir = "/" // the folder we stand in may be closed to the service's user
	cmd.Env = cleanEnv()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = read, output, output
	cmd.ExtraFiles = []*os.File{lock}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: s.as.credential()}
	if err := cmd.Start(); err != nil {
		write.Close()
		return nil, fmt.Errorf("cannot start %s: %w", s.name, err)
	}
	p := &process{cmd: cmd, pipe: write, done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		write.Close()
		close(p.done)
	}()
	return p, nil
}

// stop asks the service to end and waits until it has. When ctx ends first, the service is told to stop at once and
// ctx's error is returned: PostgreSQL then recovers at its next start and loses nothing that was committed.
func (p *process) stop(ctx context.Context) error {
	p.pipe.Close()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGQUIT)
		return ctx.Err()
	}
}

// ended tells whether the service is gone.
func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// run runs a command to its end, with the same protection: it is interrupted when we die or ctx ends.
func run(ctx context.Context, s service) error {
	p, err := spawn(s)
	if err != nil {
		return err
	}
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		p.pipe.Close()
		<-p.done
		return ctx.Err()
	}
}

// patience is how long processes of a killed predecessor are given to end by themselves, which they already do.
const patience = 2 * time.Second

// freed waits until no process of an earlier run holds the lock. One whose parent was killed is stopping at that very
// moment, so a while is given first; after it the process that pid names, if any, is told to stop.
func freed(ctx context.Context, lock string, pid func() int) error {
	asked := false
	for start := time.Now(); ; {
		f, err := tryLock(lock)
		if err == nil {
			return f.Close()
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return plain(err)
		}
		waited := time.Since(start)
		if waited > patience && !asked {
			asked = true
			if p := pid(); p > 0 {
				_ = syscall.Kill(p, syscall.SIGINT)
			}
		}
		if waited > patience+30*time.Second {
			return fmt.Errorf("processes of an earlier run still hold it: end them (fuser %s names them)", lock)
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// tryLock opens the file, making it where it is missing, and locks it for this open file alone. A lock held by somebody
// else is syscall.EWOULDBLOCK. Closing the file, in every process that inherited it, gives the lock back.
func tryLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// pause waits, or returns ctx's error when that ends first.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// cleanEnv is our environment without what would bend a private PostgreSQL: PGPORT, PGDATA and the like, and locales
// that need not exist here.
func cleanEnv() []string {
	var env []string
	for _, e := range os.Environ() {
		name, _, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, "PG") || strings.HasPrefix(name, "LC_") || strings.HasPrefix(name, "LANG") {
			continue
		}
		env = append(env, e)
	}
	return append(env, "LC_ALL=C")
}

// plain takes the operation and the path off a file error, for sentences that already name the path.
func plain(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
