package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// kept is a service that is started again when it ends by itself, as a system's own service would be.
type kept struct {
	service service
	title   string
	once    bool                       // not started again
	prepare func() error               // before each start, while no process of an earlier one is left
	ready   func(context.Context) bool // whether it answers
	log     *slog.Logger

	mu       sync.Mutex
	process  *process
	stopping bool
	quit     context.CancelFunc // called by stop
	over     chan struct{}      // closed when nothing is started again
}

// start starts the service, waits until it is ready, and keeps it from then on.
func (k *kept) start(ctx context.Context) error {
	kept, quit := context.WithCancel(context.WithoutCancel(ctx))
	over := make(chan struct{})
	k.mu.Lock()
	k.stopping, k.quit, k.over = false, quit, over
	k.mu.Unlock()
	if err := k.hold(); err != nil {
		quit()
		close(over)
		return err
	}
	if err := k.launch(ctx); err != nil {
		quit()
		close(over)
		return err
	}
	if err := k.release(); err != nil {
		quit()
		close(over)
		return errors.Join(err, k.process.stop(ctx))
	}
	go func() {
		defer close(over)
		k.keep(kept)
	}()
	return nil
}

// hold keeps the folder that goes with the service, until release: while it is started, as the log that says why it did
// not start is in there, and while it is stopped to be started again.
func (k *kept) hold() error {
	if k.service.remove == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(k.service.remove, "keep"), nil, 0o600)
}

// release ends a hold.
func (k *kept) release() error {
	if k.service.remove == "" {
		return nil
	}
	return os.Remove(filepath.Join(k.service.remove, "keep"))
}

// launch starts the service once and waits until it is ready.
func (k *kept) launch(ctx context.Context) error {
	if err := k.prepare(); err != nil {
		return err
	}
	k.mu.Lock()
	if k.stopping {
		k.mu.Unlock()
		return context.Canceled
	}
	told := logSize(k.service.log)
	p, err := spawn(k.service)
	if err == nil {
		k.process = p
	}
	k.mu.Unlock()
	if err != nil {
		return err
	}
	for !k.ready(ctx) {
		if p.ended() {
			return fmt.Errorf("%s did not start: %w", k.title, because(k.service.log, told, p.err))
		}
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			p.pipe.Close()
			<-p.done
			return fmt.Errorf("%s was not ready in time: %w", k.title, because(k.service.log, told, err))
		}
	}
	return nil
}

// keep starts the service again whenever it ends, until ctx does, waiting longer each time it does not last.
func (k *kept) keep(ctx context.Context) {
	wait := time.Second
	for {
		k.mu.Lock()
		p := k.process
		k.mu.Unlock()
		began := time.Now()
		select {
		case <-p.done:
		case <-ctx.Done():
			return
		}
		if k.once || ctx.Err() != nil {
			return
		}
		if time.Since(began) > time.Minute {
			wait = time.Second
		}
		k.log.Error(k.title+" ended by itself and is started again", "error", p.err, "log", k.service.log, "in", wait)
		for {
			if pause(ctx, wait) != nil {
				return
			}
			wait = min(2*wait, 30*time.Second)
			err := freed(ctx, k.service.lock, func() int { return 0 })
			if err == nil {
				err = k.launch(ctx)
			}
			if err == nil {
				k.log.Info(k.title + " is up again")
				break
			}
			if ctx.Err() != nil {
				return
			}
			k.log.Error(k.title+" cannot be started again", "error", err, "next_try", wait)
		}
	}
}

// stop ends the service and waits for it, no longer than ctx lasts.
func (k *kept) stop(ctx context.Context) error {
	k.mu.Lock()
	again := k.stopping
	k.stopping = true
	p, over := k.process, k.over
	k.quit()
	k.mu.Unlock()
	var err error
	if !again {
		err = p.stop(ctx)
	}
	<-over
	return err
}
