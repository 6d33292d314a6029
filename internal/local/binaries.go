package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldest is the first PostgreSQL whose SQL the store relies on.
const oldest = 15

var versionPattern = regexp.MustCompile(`PostgreSQL\) (\d+)`)

// installed is one PostgreSQL on this machine.
type installed struct {
	bin   string // folder of postgres and initdb
	major int
}

// findPostgres finds the newest PostgreSQL, or when major is not 0, one of exactly that version, as a cluster opens
// with the version that made it and no other.
func findPostgres(ctx context.Context, major int) (installed, error) {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // Debian; its PATH has only wrappers
	more, _ := filepath.Glob("/usr/pgsql-*/bin")             // Red Hat
	folders = append(folders, more...)
	more, _ = filepath.Glob("/opt/homebrew/opt/postgresql@*/bin")
	folders = append(append(folders, more...), "/usr/local/pgsql/bin")
	if path, err := exec.LookPath("postgres"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	var all []installed
	for _, bin := range folders {
		if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
		m := versionPattern.FindSubmatch(out)
		if err != nil || m == nil {
			continue
		}
		v, _ := strconv.Atoi(string(m[1])) // digits by the pattern
		all = append(all, installed{bin, v})
	}
	return choose(all, major)
}

// choose picks the version that made a cluster, or the newest for major 0.
func choose(all []installed, major int) (installed, error) {
	if major != 0 {
		for _, p := range all {
			if p.major == major {
				return p, nil
			}
		}
		return installed{}, fmt.Errorf("the database was made by PostgreSQL %d, which is not installed: apt-get install postgresql-%d, or set DATABASE_URL", major, major)
	}
	if len(all) > 0 {
		newest := slices.MaxFunc(all, func(a, b installed) int { return a.major - b.major })
		if newest.major >= oldest {
			return newest, nil
		}
	}
	return installed{}, errors.New("PostgreSQL 15 or later is not installed: apt-get install postgresql, or set DATABASE_URL")
}

// clusterVersion is the major version that made the cluster, 0 when there is none.
func clusterVersion(cluster string) (int, error) {
	text, err := os.ReadFile(filepath.Join(cluster, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("cannot read the database in %s: %w", cluster, plain(err))
	}
	v, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s is not a PostgreSQL data folder: move it away, or set DATA_DIR to another folder", cluster)
	}
	return v, nil
}
