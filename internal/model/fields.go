package model

import (
	"encoding/json"
	"fmt"
)

// fields reads one JSON object field by field, and knows in the end what nobody
// asked for.
type fields struct {
	p    *parser
	own  map[string]json.RawMessage
	path string // what stands before the names of its fields: "blocks[3]."
	// held are where fields that nobody asked for may have come from.
	held []map[string]json.RawMessage
}

// fields opens an object; one that is none is told and reads as empty.
func (p *parser) fields(path string, raw []byte, held []map[string]json.RawMessage) *fields {
	own, _ := p.object(path, raw)
	return &fields{p: p, own: own, path: path + ".", held: held}
}

// text reads a text, "" when it is absent.
func (f *fields) text(key string) string {
	var text string
	f.p.take(f.own, f.path+key, key, &text, "text")
	return text
}

// flag reads true or false, false when it is absent.
func (f *fields) flag(key string) bool {
	var flag bool
	f.p.take(f.own, f.path+key, key, &flag, "true or false")
	return flag
}

func (f *fields) url(key string) URL { return URL(f.text(key)) }

// id reads the object's id, and gives one where it is absent.
func (f *fields) id() BlockID { return f.p.id(f.own, f.path+"id") }

// list reads a list of objects, at most so many from outside.
func (f *fields) list(key string, most int) []*fields {
	var raws []json.RawMessage
	f.p.take(f.own, f.path+key, key, &raws, "a list")
	if f.p.strict && len(raws) > most {
		f.p.problems.Add(f.path+key, Reason(fmt.Sprintf("There are %d; at most %d fit.", len(raws), most)))
		return nil
	}
	var list []*fields
	for i, raw := range raws {
		list = append(list, f.p.fields(fmt.Sprintf("%s%s[%d]", f.path, key, i), raw, f.held))
	}
	return list
}

// object reads an object inside this one, nil when it is absent or null.
func (f *fields) object(key string) *fields {
	var raw json.RawMessage
	f.p.take(f.own, f.path+key, key, &raw, "an object")
	if raw == nil {
		return nil
	}
	return f.p.fields(f.path+key, raw, f.held)
}

// picture reads a picture inside this object, nil when there is none.
func (f *fields) picture(key string) *Picture {
	own := f.object(key)
	if own == nil {
		return nil
	}
	pic := own.asPicture()
	return &pic
}

func (f *fields) asPicture() Picture {
	pic := Picture{Media: f.text("media"), Alt: f.text("alt"), Focus: f.text("focus")}
	pic.extra = f.rest()
	return pic
}

// rest is what nobody asked for: kept from the store, refused from outside.
func (f *fields) rest() extra { return f.p.rest(f.own, f.path, f.held...) }

// extra is what a newer version of the program stored in an object and this one
// does not know. It is kept as it came, never shown, never accepted from outside.
type extra map[string]json.RawMessage

// object begins the JSON of an object with what this version does not know of it.
func (e extra) object(own map[string]any) map[string]any {
	for k, v := range e {
		if _, known := own[k]; !known {
			own[k] = v
		}
	}
	return own
}
