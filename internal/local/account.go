package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is the user that services run as when we are root: PostgreSQL refuses to be root.
type account struct {
	name     string
	uid, gid int
}

// unprivileged is the account for services: nil when we are an ordinary user, so that they are ours; else the owner of
// an existing cluster, else postgres, else nobody.
func unprivileged(cluster string) (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	if info, err := os.Stat(cluster); err == nil {
		if s := info.Sys().(*syscall.Stat_t); s.Uid != 0 {
			return &account{name: strconv.Itoa(int(s.Uid)), uid: int(s.Uid), gid: int(s.Gid)}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return &account{name: name, uid: uid, gid: gid}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root and this machine has neither the user postgres nor nobody: " +
		"start the program as an ordinary user, or set DATABASE_URL")
}

// credential is what a child process is started with; nil means as ourselves. All supplementary groups are given up.
func (a *account) credential() *syscall.Credential {
	if a == nil {
		return nil
	}
	return &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
}

// own gives the folder or file to the account.
func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

// reaches tells whether the account can enter the folder, by trying it: a walk over permission bits would miss access
// lists and mounts.
func (a *account) reaches(ctx context.Context, folder string) bool {
	if a == nil {
		return true
	}
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", `cd -- "$1"`, "hlpfl", folder)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential()}
	return cmd.Run() == nil
}

// folder makes a folder of the account's own, closed to everybody else. One that exists must be its own already.
func (a *account) folder(path string) error {
	err := os.Mkdir(path, 0o700)
	if err == nil {
		return a.own(path)
	}
	if !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("cannot make the folder %s: %w", path, plain(err))
	}
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("cannot read the folder %s: %w", path, plain(err))
	}
	uid := os.Geteuid()
	if a != nil {
		uid = a.uid
	}
	owner := int(info.Sys().(*syscall.Stat_t).Uid)
	switch {
	case !info.IsDir():
		return fmt.Errorf("%s is in the way: it should be a folder", path)
	case owner != uid:
		return fmt.Errorf("the folder %s belongs to user %d, not to user %d: start the program as its owner, or set DATA_DIR to another folder", path, owner, uid)
	case info.Mode().Perm()&0o077 != 0:
		return os.Chmod(path, 0o700)
	}
	return nil
}
