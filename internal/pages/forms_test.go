package pages

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

func TestFormsGiveBackTheSameBytes(t *testing.T) {
	noise := make([]byte, 20_000)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	for _, plain := range [][]byte{nil, []byte("x"), []byte(strings.Repeat("<li class=block>", 4000)), noise} {
		for _, c := range []Coding{Gzip, Brotli, Plain} {
			packed, err := pack(c, plain)
			if err != nil {
				t.Fatal(err)
			}
			if cap(packed) > len(packed)+len(packed)/4+64 {
				t.Errorf("%s: %d bytes in a slice of %d: the cache would hold more than it counts", c, len(packed), cap(packed))
			}
			got, err := unpack(c, packed)
			if err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%s: %d bytes became %d, %v", c, len(plain), len(got), err)
			}
		}
	}
}

// Many who want another coding at once must get one, made once.
func TestAnEntryMakesEachFormOnce(t *testing.T) {
	plain := []byte(strings.Repeat("a page ", 1000))
	e := &entry{tag: "t"}
	if _, _, err := e.form(Gzip); err == nil {
		t.Fatal("an entry without a page gave one")
	}
	if _, err := e.add(Gzip, plain); err != nil {
		t.Fatal(err)
	}
	before := e.weight()
	var grown int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			f, added, err := e.form(Brotli)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := unpack(Brotli, f.body); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("brotli: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			if added {
				grown++
			}
		})
	}
	wg.Wait()
	if grown != 1 {
		t.Errorf("the form was made %d times", grown)
	}
	if e.weight() <= before {
		t.Errorf("the entry weighs %d with two forms and %d with one", e.weight(), before)
	}
	f, added, err := e.form(Plain)
	if err != nil || added || !bytes.Equal(f.body, plain) {
		t.Errorf("plain: added %v, %v", added, err)
	}
}

func TestTagsAreOfContentAndCoding(t *testing.T) {
	a, b := tagOf([]byte("a")), tagOf([]byte("b"))
	seen := map[string]bool{}
	for _, tag := range []string{a, b} {
		for _, c := range []Coding{Gzip, Brotli, Plain} {
			seen[etag(tag, c)] = true
		}
	}
	if len(seen) != 6 {
		t.Errorf("tags meet: %v", seen)
	}
	if tagOf([]byte("a")) != a {
		t.Error("the same bytes have two tags")
	}
}
