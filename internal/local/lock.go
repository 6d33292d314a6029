package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// record is what the holder of a data folder writes into its lock file. Only its owner may read it: it holds Redis's
// password.
type record struct {
	PID         int    `json:"pid"`
	Command     string `json:"command"`
	Address     string `json:"address,omitempty"` // where it serves people, of serve alone
	DatabaseURL string `json:"database_url,omitempty"`
	RedisURL    string `json:"redis_url,omitempty"` // both are empty until the services are up
}

// Held says that another process has the data folder.
type Held struct {
	Folder  string
	PID     int    // 0 when it has not yet said who it is
	Command string // its subcommand, as serve or seed
	Address string // of a serve: the URL that people open
}

// Error says in one sentence who holds the folder and what to do.
func (h *Held) Error() string {
	switch {
	case h.PID == 0:
		return fmt.Sprintf("%s is just being taken by another process: try again in a moment, or set DATA_DIR to another folder", h.Folder)
	case h.Address == "":
		return fmt.Sprintf("%s is in use by hlpfl %s (process %d): try again when that is done, or set DATA_DIR to another folder", h.Folder, h.Command, h.PID)
	}
	return fmt.Sprintf("%s is already served by process %d at %s: open that, or stop it first, or set DATA_DIR and PORT for a second one", h.Folder, h.PID, h.Address)
}

// openData makes DATA_DIR where it is missing, and makes its path absolute.
func openData(dataDir string) (string, error) {
	if dataDir == "" {
		return "", errors.New("DATA_DIR is empty: name a folder, or leave it unset for ./data")
	}
	path, err := filepath.Abs(dataDir)
	if err != nil {
		return "", err
	}
	// A name through a symbolic link is the same folder.
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711 // the database's user passes through to its own folder
	}
	err = os.Mkdir(path, mode)
	switch {
	case err == nil:
		if err := os.Chmod(path, mode); err != nil { // whatever the umask
			return "", err
		}
	case errors.Is(err, os.ErrExist):
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return "", fmt.Errorf("the data folder %s is a file: set DATA_DIR to a folder", path)
		}
	case errors.Is(err, os.ErrNotExist):
		return "", fmt.Errorf("the folder %s does not exist: make it, or set DATA_DIR to another one", filepath.Dir(path))
	default:
		return "", fmt.Errorf("cannot make the data folder %s: %w: set DATA_DIR to a folder you may write to", path, plain(err))
	}
	return path, nil
}

// take locks the data folder for us, or returns *Held.
func take(dataDir string, me record) (*os.File, error) {
	f, err := tryLock(lockPath(dataDir))
	switch {
	case err == nil:
		return f, writeRecord(f, me)
	case errors.Is(err, syscall.EWOULDBLOCK):
		r, _ := readRecord(dataDir)
		return nil, &Held{Folder: dataDir, PID: r.PID, Command: r.Command, Address: r.Address}
	}
	return nil, unusable(dataDir, err)
}

func lockPath(dataDir string) string { return filepath.Join(dataDir, "lock") }

// unusable says that the data folder cannot be used and what to do about it.
func unusable(dataDir string, err error) error {
	hint := ""
	if info, statErr := os.Stat(dataDir); statErr == nil {
		if owner := int(info.Sys().(*syscall.Stat_t).Uid); owner != os.Geteuid() {
			hint = fmt.Sprintf(" (it belongs to user %d, you are user %d)", owner, os.Geteuid())
		}
	}
	return fmt.Errorf("cannot write to the data folder %s%s: %w: set DATA_DIR to a folder you may write to", dataDir, hint, plain(err))
}

// writeRecord writes the record in one write, so that a reader sees an old one, a new one, or something that does not
// parse, and never a mixture that does.
func writeRecord(f *os.File, r record) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(append(text, '\n'), 0)
	return err
}

// readRecord reads who holds the folder. The error is for a record that is missing or just being written.
func readRecord(dataDir string) (record, error) {
	var r record
	f, err := os.Open(lockPath(dataDir))
	if err != nil {
		return r, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(text, &r)
}

// mark takes a shared lock that tells the holder that we use its services. It never waits long: the holder takes the
// exclusive one only while it ends.
func mark(dataDir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dataDir, "joined"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unusable(dataDir, err)
	}
	// Root may join anybody, and must not leave a file there that keeps them out.
	if info, err := os.Stat(dataDir); err == nil && os.Geteuid() == 0 {
		s := info.Sys().(*syscall.Stat_t)
		_ = f.Chown(int(s.Uid), int(s.Gid))
	}
	for range 100 {
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err == nil {
			return f, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	f.Close()
	return nil, err
}
