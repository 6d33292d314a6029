package site

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Docs is the API's description, read from its OpenAPI document and ready to be drawn.
type Docs struct {
	Bar                         Bar
	Version, Description, Where string
	Groups                      []DocGroup
	Schemas                     []DocSchema
}

// DocGroup is all of one noun: "profiles".
type DocGroup struct {
	Name       string
	Operations []DocOperation
}

// DocOperation is one method of one path.
type DocOperation struct {
	// ID is its anchor on the page.
	ID, Method, Path, Summary string
	// Open needs no token.
	Open       bool
	Parameters []DocField
	// Body and Answer are what is sent and what comes back; the zero value is nothing.
	Body, Answer DocShape
	// Status is that of success: "201".
	Status string
	// Example is a command line that does it.
	Example string
}

// DocShape is a JSON value: a named schema, or fields of its own.
type DocShape struct {
	// Type in words: "Profile", "list of Profile", "object". Named is the schema in it, empty when it has none of its own.
	Type, Named string
	Fields      []DocField
}

// DocSchema is a named schema.
type DocSchema struct {
	Name string
	DocShape
}

// DocField is one field or parameter.
type DocField struct {
	Name, Type, Notes string
	Required          bool
}

// schema is the part of JSON Schema that the program's own description uses.
type schema struct {
	Ref                  string            `json:"$ref"`
	Type                 any               `json:"type"` // a word or a list of words
	Format               string            `json:"format"`
	Description          string            `json:"description"`
	Enum                 []any             `json:"enum"`
	Const                any               `json:"const"`
	Properties           map[string]schema `json:"properties"`
	Required             []string          `json:"required"`
	Items                *schema           `json:"items"`
	AnyOf                []schema          `json:"anyOf"`
	OneOf                []schema          `json:"oneOf"`
	MaxLength            *int              `json:"maxLength"`
	MinLength            *int              `json:"minLength"`
	Minimum              *float64          `json:"minimum"`
	Maximum              *float64          `json:"maximum"`
	Default              any               `json:"default"`
	AdditionalProperties json.RawMessage   `json:"additionalProperties"`
}

type content map[string]struct {
	Schema schema `json:"schema"`
}

// ReadDocs reads an OpenAPI 3.1 document as the program makes it.
func ReadDocs(openapi []byte) (Docs, error) {
	var in struct {
		Info struct {
			Version, Description string
		}
		Servers []struct{ URL string }
		Paths   map[string]map[string]struct {
			Summary    string
			Security   []any
			Parameters []struct {
				Name, In, Description string
				Required              bool
				Schema                schema
			}
			RequestBody struct{ Content content }
			Responses   map[string]struct {
				Description string
				Content     content
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(openapi, &in); err != nil {
		return Docs{}, fmt.Errorf("the API's description cannot be read: %w", err)
	}
	d := Docs{Version: in.Info.Version, Description: in.Info.Description}
	if len(in.Servers) > 0 {
		d.Where = in.Servers[0].URL
	}
	known := in.Components.Schemas
	groups := map[string]*DocGroup{}
	for _, path := range slices.Sorted(maps.Keys(in.Paths)) {
		name := noun(path)
		if groups[name] == nil {
			groups[name] = &DocGroup{Name: name}
		}
		g := groups[name]
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			op, ok := in.Paths[path][method]
			if !ok {
				continue
			}
			out := DocOperation{
				ID: anchor(method, path), Method: strings.ToUpper(method), Path: path, Summary: op.Summary, Open: len(op.Security) == 0,
			}
			for _, p := range op.Parameters {
				where := "in the path"
				switch p.In {
				case "query":
					where = "after the ?"
				case "header":
					where = "a header"
				}
				out.Parameters = append(out.Parameters, DocField{
					Name: p.Name, Type: p.Schema.words(), Required: p.Required,
					Notes: join(where, p.Description, p.Schema.notes()),
				})
			}
			body, hasBody := op.RequestBody.Content["application/json"]
			if hasBody {
				out.Body = body.Schema.shape()
			}
			for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
				if strings.HasPrefix(status, "2") {
					out.Status = status
					if answer, ok := op.Responses[status].Content["application/json"]; ok {
						out.Answer = answer.Schema.shape()
					}
					break
				}
			}
			out.Example = example(d.Where, out, hasBody, body.Schema, known)
			g.Operations = append(g.Operations, out)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		d.Groups = append(d.Groups, *groups[name])
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		d.Schemas = append(d.Schemas, DocSchema{Name: name, DocShape: known[name].shape()})
	}
	return d, nil
}

// noun is what a path is about: /api/auth/login is about auth.
func noun(path string) string {
	parts := strings.Split(strings.TrimPrefix(strings.TrimPrefix(path, "/api"), "/"), "/")
	if parts[0] == "" || strings.Contains(parts[0], ".") {
		return "description"
	}
	return parts[0]
}

func anchor(method, path string) string {
	return method + strings.Map(func(r rune) rune {
		switch r {
		case '/', '.':
			return '-'
		case '{', '}':
			return -1
		}
		return r
	}, path)
}

func join(notes ...string) string {
	return strings.Join(slices.DeleteFunc(notes, func(s string) bool { return s == "" }), ", ")
}

func refName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// words says what a value is: "string", "list of Profile", "Document or null".
func (s schema) words() string {
	if s.Ref != "" {
		return refName(s.Ref)
	}
	var either []string
	for _, o := range append(slices.Clone(s.AnyOf), s.OneOf...) {
		either = append(either, o.words())
	}
	if either != nil {
		return strings.Join(either, " or ")
	}
	switch t := s.Type.(type) {
	case []any:
		var kinds []string
		for _, k := range t {
			one := s
			one.Type = k
			kinds = append(kinds, one.words())
		}
		return strings.Join(kinds, " or ")
	case string:
		switch {
		case t == "array" && s.Items != nil:
			return "list of " + s.Items.words()
		case t == "object" && len(s.AdditionalProperties) > 1 && s.AdditionalProperties[0] == '{':
			var value schema
			if json.Unmarshal(s.AdditionalProperties, &value) == nil {
				return "object of " + value.words()
			}
		case t == "string" && s.Format != "":
			return s.Format
		}
		return t
	}
	return "anything"
}

func (s schema) notes() string {
	var notes []string
	if s.Const != nil {
		notes = append(notes, fmt.Sprintf("always %v", s.Const))
	}
	if len(s.Enum) > 0 {
		var values []string
		for _, v := range s.Enum {
			values = append(values, fmt.Sprint(v))
		}
		notes = append(notes, "one of "+strings.Join(values, ", "))
	}
	if s.MinLength != nil {
		notes = append(notes, fmt.Sprintf("at least %d characters", *s.MinLength))
	}
	if s.MaxLength != nil {
		notes = append(notes, fmt.Sprintf("at most %d characters", *s.MaxLength))
	}
	if s.Minimum != nil {
		notes = append(notes, fmt.Sprintf("from %v", *s.Minimum))
	}
	if s.Maximum != nil {
		notes = append(notes, fmt.Sprintf("to %v", *s.Maximum))
	}
	if s.Default != nil {
		notes = append(notes, fmt.Sprintf("%v when absent", s.Default))
	}
	return strings.Join(notes, ", ")
}

// shape lists the fields of an object; those inside another follow it with a dotted name.
func (s schema) shape() DocShape {
	named := s.Ref
	if s.Items != nil {
		named = s.Items.Ref
	}
	return DocShape{Type: s.words(), Named: refName(named), Fields: s.fields("", 0)}
}

func (s schema) fields(prefix string, depth int) []DocField {
	if depth > 4 {
		return nil // deep enough to read; a schema that holds itself ends here
	}
	var fields []DocField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		fields = append(fields, DocField{
			Name: prefix + name, Type: p.words(), Required: slices.Contains(s.Required, name), Notes: join(p.Description, p.notes()),
		})
		fields = append(fields, p.fields(prefix+name+".", depth+1)...)
	}
	for _, o := range append(slices.Clone(s.AnyOf), s.OneOf...) {
		fields = append(fields, o.fields(prefix, depth+1)...)
	}
	if s.Items != nil {
		inner := strings.TrimSuffix(prefix, ".")
		if inner != "" {
			inner += "[]."
		}
		fields = append(fields, s.Items.fields(inner, depth+1)...)
	}
	return fields
}

// example is a command line for curl.
func example(where string, op DocOperation, hasBody bool, body schema, known map[string]schema) string {
	var b strings.Builder
	b.WriteString("curl ")
	if op.Method != http.MethodGet {
		b.WriteString("-X " + op.Method + " ")
	}
	b.WriteString(where + op.Path)
	if !op.Open {
		b.WriteString(" \\\n  -H \"Authorization: Bearer $TOKEN\"")
	}
	if hasBody {
		sample, err := json.MarshalIndent(body.sample(known, 0), "  ", "  ")
		if err == nil {
			b.WriteString(" \\\n  -H 'Content-Type: application/json' \\\n  -d '" + string(sample) + "'")
		}
	}
	return b.String()
}

// sample is a value that has the schema's shape.
func (s schema) sample(known map[string]schema, depth int) any {
	if depth > 6 {
		return nil
	}
	if s.Ref != "" {
		return known[refName(s.Ref)].sample(known, depth+1)
	}
	if s.Const != nil {
		return s.Const
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	if all := append(slices.Clone(s.AnyOf), s.OneOf...); len(all) > 0 {
		return all[0].sample(known, depth+1)
	}
	kind, _ := s.Type.(string)
	if list, ok := s.Type.([]any); ok && len(list) > 0 {
		kind, _ = list[0].(string)
	}
	switch kind {
	case "object":
		out := map[string]any{}
		for name, p := range s.Properties {
			out[name] = p.sample(known, depth+1)
		}
		return out
	case "array":
		if s.Items == nil {
			return []any{}
		}
		return []any{s.Items.sample(known, depth+1)}
	case "integer", "number":
		return 1
	case "boolean":
		return true
	case "string":
		switch s.Format {
		case "uuid":
			return "0190a5f2-8c3e-7b1a-9d4e-2f6a1c7b3e90"
		case "date-time":
			return "2026-11-23T15:47:00Z"
		case "date":
			return "2026-11-23"
		}
		return "…"
	}
	return nil
}
