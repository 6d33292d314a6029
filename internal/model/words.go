package model

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// fieldWords are what people call the fields of blocks, in the order they are told.
// Items of a list are named under it: "dates[].city". A field that only follows
// from another has that one's word.
var fieldWords = []struct{ name, word string }{
	{"title", "title"}, {"url", "address"}, {"provider", "address"}, {"ref", "address"}, {"text", "text"},
	{"name", "name"}, {"role", "role"}, {"organization", "company"}, {"note", "note"},
	{"icon", "icon"}, {"featured", "standing out"},
	{"thumb", "small picture"}, {"cover", "cover"}, {"picture", "picture"}, {"caption", "line under it"},
	{"price", "price"}, {"price.amount", "price"}, {"price.currency", "currency"}, {"price.text", "price in words"}, {"sold_out", "sold out"},
	{"date", "day it is out"}, {"zone", "time zone"},
	{"services", "services"}, {"services[].url", "address"}, {"services[].network", "service"},
	{"pre_saves", "pre-saves"}, {"pre_saves[].url", "address"}, {"pre_saves[].network", "service"},
	{"pictures", "pictures"}, {"pictures[].media", "picture"}, {"pictures[].alt", "what it shows"}, {"pictures[].focus", "focus"},
	{"questions", "questions"}, {"questions[].question", "question"}, {"questions[].answer", "answer"},
	{"ways", "ways to reach them"}, {"ways[].url", "address"}, {"ways[].title", "title"},
	{"dates", "dates"}, {"dates[].city", "city"}, {"dates[].venue", "venue"}, {"dates[].starts", "begins"}, {"dates[].zone", "time zone"},
	{"dates[].status", "it is"}, {"dates[].on_sale_at", "on sale from"}, {"dates[].tickets", "tickets"},
	{"dates[].tickets[].kind", "ticket"}, {"dates[].tickets[].url", "address of the tickets"},
	{"enabled", "shown"}, {"starts_at", "show from"}, {"ends_at", "until"},
}

var placeOfItem = regexp.MustCompile(`\[[0-9]+\]`)

// FieldWord is what people call a field of a block, "" for one that this version
// does not know. Items may be numbered: "dates[3].city".
func FieldWord(name string) string {
	if i := FieldPlace(name); i < len(fieldWords) {
		return fieldWords[i].word
	}
	return ""
}

// FieldPlace is where a field stands among others when they are told, from 0; what
// this version does not know comes last.
func FieldPlace(name string) int {
	name = placeOfItem.ReplaceAllString(name, "[]")
	for _, picture := range []string{"thumb.", "cover.", "picture."} {
		if own, ok := strings.CutPrefix(name, picture); ok {
			name = "pictures[]." + own
		}
	}
	for i, f := range fieldWords {
		if f.name == name {
			return i
		}
	}
	return len(fieldWords)
}

// DiffFields names the fields in which two blocks differ, as they stand in JSON and
// in the order they are told. Their ids are none.
func DiffFields(was, is Block) []string {
	before, after := was.fields(), is.fields()
	var names []string
	for _, f := range fieldWords {
		if !strings.ContainsAny(f.name, ".[") && !bytes.Equal(mustJSON(before[f.name]), mustJSON(after[f.name])) {
			names = append(names, f.name)
		}
	}
	return names
}

// diffWords is DiffFields in words, each once.
func diffWords(was, is Block) []string {
	var words []string
	for _, name := range DiffFields(was, is) {
		if word := FieldWord(name); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}
