package local

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

const (
	// outside is where clusters live whose user cannot reach DATA_DIR.
	outside = "/var/lib/hlpfl"
	// noteName is the file in DATA_DIR that tells where, and ownerName its twin beside the cluster.
	noteName  = "postgres.location"
	ownerName = "folder"
	// A socket's whole path has to fit into about 107 bytes, its name included.
	socketName    = ".s.PGSQL.5432"
	socketPathMax = 100
)

// home is where the services of one DATA_DIR keep their files.
type home struct {
	folder  string   // holds postgres/ and redis/; DATA_DIR itself where possible
	sockets string   // a folder closed to others, with a short path
	as      *account // who runs them; nil: ourselves
	held    *os.File // for a folder outside DATA_DIR: locked while we use it
}

// close gives the folder back, once its services have ended.
func (h *home) close() {
	if filepath.Dir(h.sockets) != h.folder {
		_ = os.Remove(h.sockets) // made again at the next start
	}
	if h.held != nil {
		h.held.Close()
	}
}

// openHome finds or makes the home of dataDir, which must be absolute, exist, and be locked by us.
func openHome(ctx context.Context, dataDir string, log *slog.Logger) (*home, error) {
	h := &home{folder: dataDir}
	note := filepath.Join(dataDir, noteName)
	noted, err := os.ReadFile(note)
	switch {
	case err == nil:
		h.folder = strings.TrimSpace(string(noted))
		if _, err := os.Stat(h.folder); err != nil {
			return nil, fmt.Errorf("%s says that the database is in %s, which is gone: put it back, or remove %s to begin anew", note, h.folder, note)
		}
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("cannot read %s: %w", note, plain(err))
	}
	if h.as, err = unprivileged(filepath.Join(h.folder, "postgres")); err != nil {
		return nil, err
	}
	if noted == nil && !h.as.reaches(ctx, dataDir) {
		if h.folder, err = makeOutside(dataDir, log); err != nil {
			return nil, err
		}
	}
	if h.folder != dataDir {
		// A copy of DATA_DIR carries the note along, and two must not use one cluster.
		if h.held, err = tryLock(filepath.Join(h.folder, "lock")); err != nil {
			return nil, fmt.Errorf("the database in %s is in use by another data folder than %s (is one a copy of the other?): stop that one, or remove %s to begin anew", h.folder, dataDir, note)
		}
	}
	if h.sockets, err = socketFolder(ctx, h.folder, h.as); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// makeOutside makes a folder under /var/lib/hlpfl for dataDir and notes each in the other. It changes no permission of
// dataDir or of a folder above it.
func makeOutside(dataDir string, log *slog.Logger) (string, error) {
	if err := passable(outside); err != nil {
		return "", err
	}
	olds, _ := filepath.Glob(filepath.Join(outside, "*", ownerName))
	for _, old := range olds {
		if of, err := os.ReadFile(old); err == nil && strings.TrimSpace(string(of)) == dataDir {
			log.Info("a database of an earlier data folder at this place is no longer used and may be removed", "folder", filepath.Dir(old))
		}
	}
	sum := sha256.Sum256([]byte(dataDir))
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails
	folder := filepath.Join(outside, hex.EncodeToString(sum[:4])+"-"+hex.EncodeToString(random[:]))
	if err := passable(folder); err != nil {
		return "", err
	}
	if err := writeFile(filepath.Join(folder, ownerName), dataDir+"\n"); err != nil {
		return "", err
	}
	if err := writeFile(filepath.Join(dataDir, noteName), folder+"\n"); err != nil {
		return "", err
	}
	log.Info("the database lives outside the data folder, which its user cannot reach", "folder", folder)
	return folder, nil
}

// passable makes a folder that others may pass through but not list, whatever the umask says. One that exists stays as
// it is.
func passable(path string) error {
	err := os.Mkdir(path, 0o711)
	if err == nil {
		err = os.Chmod(path, 0o711)
	}
	if err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("cannot make the folder %s: %w", path, plain(err))
	}
	return nil
}

// socketFolder makes the folder for PostgreSQL's socket: in the home, or where that path cannot be one, in a place with
// a short one.
func socketFolder(ctx context.Context, folder string, as *account) (string, error) {
	sockets := filepath.Join(folder, "run")
	// A comma would part two hosts in a database address.
	if len(filepath.Join(sockets, socketName)) < socketPathMax && !strings.Contains(sockets, ",") {
		return sockets, as.folder(sockets)
	}
	sum := sha256.Sum256([]byte(folder))
	name := "hlpfl-" + hex.EncodeToString(sum[:6])
	bases := []string{os.TempDir(), "/tmp"}
	if runtime := fmt.Sprintf("/run/user/%d", os.Geteuid()); as == nil {
		bases = append([]string{runtime}, bases...)
	}
	failure := fmt.Errorf("the path of %s cannot hold a socket: set DATA_DIR to a folder with a shorter path without commas", folder)
	for _, base := range bases {
		sockets = filepath.Join(base, name)
		if len(filepath.Join(sockets, socketName)) >= socketPathMax || strings.Contains(sockets, ",") {
			continue
		}
		if info, err := os.Stat(base); err != nil || !info.IsDir() {
			continue
		}
		// In a folder that everybody may write to, somebody else's folder of that name is refused here.
		err := as.folder(sockets)
		if err == nil && as.reaches(ctx, sockets) {
			return sockets, nil
		}
		if err != nil {
			failure = err
		}
	}
	return "", failure
}

// writeFile writes a small file whole or not at all, and to the disk before it returns.
func writeFile(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, plain(err))
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, plain(err))
	}
	return nil
}

// syncFolder makes a rename in the folder last through a power cut.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
