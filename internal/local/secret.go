package local

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// secret is the key of this data folder, made at the first start.
func secret(dataDir string) (string, error) {
	key, err := readSecret(dataDir)
	if !errors.Is(err, os.ErrNotExist) {
		return key, err
	}
	key = randomHex(32)
	return key, writeFile(secretPath(dataDir), key+"\n") // a temporary file is 0600 and stays so
}

func secretPath(dataDir string) string { return filepath.Join(dataDir, "secret") }

// readSecret reads the key; the error wraps os.ErrNotExist where there is none yet.
func readSecret(dataDir string) (string, error) {
	path := secretPath(dataDir)
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("cannot read %s: %w", path, plain(err))
	}
	key := strings.TrimSpace(string(text))
	if raw, err := hex.DecodeString(key); err != nil || len(raw) != 32 {
		return "", fmt.Errorf("%s is not a key of 64 hex digits: put the right one back, or remove the file, which signs everybody out", path)
	}
	return key, nil
}
