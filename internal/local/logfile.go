package local

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// logMax is the size in bytes past which a service's log is set aside at the next start. One older log is kept.
const logMax = 10 << 20

// trimLog sets an overgrown log aside.
func trimLog(path string) error {
	if logSize(path) < logMax {
		return nil
	}
	if err := os.Rename(path, path+".1"); err != nil {
		return fmt.Errorf("cannot rename %s: %w", path, plain(err))
	}
	return nil
}

// logSize is the length of a log in bytes, 0 when there is none.
func logSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// because adds to an error the last complaint that stands in a log from a place on, as "exit status 1" helps nobody.
func because(path string, from int64, err error) error {
	if err == nil {
		err = errors.New("it ended at once")
	}
	text, readErr := os.ReadFile(path)
	if readErr != nil || int64(len(text)) < from {
		return err
	}
	lines := strings.Split(string(text[from:]), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		for _, mark := range []string{"FATAL:", "PANIC:", "error:", "FATAL CONFIG", "Fatal error", "Can't ", "Could not "} {
			if at := strings.Index(lines[i], mark); at >= 0 {
				return fmt.Errorf("%s (the whole story is in %s)", strings.TrimSpace(lines[i][at:]), path)
			}
		}
	}
	return fmt.Errorf("%w (see %s)", err, path)
}
