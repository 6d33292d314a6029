package model

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"hash/fnv"
	"io"
	"slices"
	"strings"
	"sync"
)

// The passwords of at least MinPassword characters that are chosen most, in small
// letters; from @zxcvbn-ts/language-common 4.1.3 (npm, MIT).
//
//go:embed passwords/common.txt.gz
var commonPacked []byte

var common = sync.OnceValue(func() Words { return ReadWords(commonPacked) })

// commonPassword reports whether many people have this password: such are tried first.
func commonPassword(text string) bool { return common().Has(strings.ToLower(text)) }

// Words is a set of many words that is only asked whether it has one. It keeps eight
// bytes of each.
type Words []uint64

// ReadWords reads a set from gzipped lines that are part of the program. It panics
// for what is no such file.
func ReadWords(packed []byte) Words {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	words := make(Words, 0, bytes.Count(text, []byte("\n")))
	for line := range bytes.Lines(text) {
		words = append(words, wordHash(string(bytes.TrimSuffix(line, []byte("\n")))))
	}
	slices.Sort(words)
	return words
}

// Has reports whether the word is one of the set. Of 2^64 words one is taken for
// another.
func (w Words) Has(word string) bool {
	_, found := slices.BinarySearch(w, wordHash(word))
	return found
}

func wordHash(word string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, word) // never fails
	return h.Sum64()
}
