package access

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestASVSNamesTestsThatExist holds tests/asvs.md to the tests that there are.
func TestASVSNamesTestsThatExist(t *testing.T) {
	raw, err := os.ReadFile("../asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	exist := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := os.ReadFile(path)
		for _, m := range function.FindAllStringSubmatch(string(code), -1) {
			exist[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(string(raw), -1)
	if len(named) < 90 {
		t.Errorf("the table names %d tests only", len(named))
	}
	for _, name := range named {
		if !exist[name] {
			t.Errorf("tests/asvs.md names %s, which does not exist", name)
		}
	}
	for line := range strings.Lines(string(raw)) {
		if cells := strings.Split(line, "|"); len(cells) == 6 && strings.TrimSpace(cells[4]) == "" {
			t.Errorf("nothing meets %s", cells[1])
		}
	}
}
