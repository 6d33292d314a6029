package handlers

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
)

// OpenAPI describes every route of the API door as an OpenAPI 3.1 document. It is
// made from the route table and the input types themselves, so it cannot say
// anything else than what the program does.
func OpenAPI(routes []web.Route, origin, version string) ([]byte, error) {
	d := describer{schemas: map[string]any{}}
	paths := map[string]map[string]any{}
	for _, r := range routes {
		if r.Door != web.API {
			continue
		}
		path := pathParameter.ReplaceAllString(r.Path, "{$1}")
		if paths[path] == nil {
			paths[path] = map[string]any{}
		}
		paths[path][strings.ToLower(r.Method)] = d.operation(r)
	}
	d.schema(reflect.TypeFor[web.Problem]())
	return json.MarshalIndent(map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title": "HLPFL", "version": version,
			"description": "Times are RFC 3339 in UTC. Errors are application/problem+json. Unknown fields are refused with 422. A POST may carry an Idempotency-Key, kept for 24 hours.",
		},
		"servers": []any{map[string]any{"url": origin}},
		"paths":   paths,
		"components": map[string]any{
			"schemas":         d.schemas,
			"securitySchemes": map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
		},
	}, "", "  ")
}

var pathParameter = regexp.MustCompile(`:([A-Za-z]+)`)

type describer struct{ schemas map[string]any }

func (d describer) operation(r web.Route) map[string]any {
	op := map[string]any{"summary": r.Summary, "responses": d.responses(r)}
	if r.Who != web.Public {
		op["security"] = []any{map[string]any{"token": []any{}}}
	}
	var parameters []any
	for _, m := range pathParameter.FindAllStringSubmatch(r.Path, -1) {
		parameters = append(parameters, map[string]any{"name": m[1], "in": "path", "required": true, "schema": map[string]any{"type": "string"}})
	}
	if r.Query != nil {
		for _, f := range reflect.VisibleFields(reflect.TypeOf(r.Query)) {
			if name := jsonName(f); name != "" {
				parameters = append(parameters, map[string]any{"name": name, "in": "query", "schema": d.field(f)})
			}
		}
	}
	if r.Method == http.MethodPost && r.Who != web.Public {
		parameters = append(parameters, map[string]any{"name": "Idempotency-Key", "in": "header", "schema": map[string]any{"type": "string", "maxLength": 255}})
	}
	if parameters != nil {
		op["parameters"] = parameters
	}
	if r.In != nil {
		op["requestBody"] = map[string]any{"required": true, "content": jsonContent(d.schema(reflect.TypeOf(r.In)))}
	}
	if r.Upload != nil {
		op["requestBody"] = map[string]any{"required": true, "content": map[string]any{
			"multipart/form-data": map[string]any{"schema": d.schema(reflect.TypeOf(r.Upload))}}}
	}
	return op
}

func (d describer) responses(r web.Route) map[string]any {
	problem := map[string]any{"description": "What went wrong, and how to mend it.", "content": map[string]any{
		"application/problem+json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/Problem"}}}}
	success := map[string]any{"description": "Done."}
	status := r.Status
	switch {
	case r.Out != nil:
		success["content"] = jsonContent(d.schema(reflect.TypeOf(r.Out)))
		if status == 0 {
			status = http.StatusOK
		}
	case status == 0:
		status = http.StatusNoContent
	}
	return map[string]any{strconv.Itoa(status): success, "default": problem}
}

func jsonContent(schema any) map[string]any {
	return map[string]any{"application/json": map[string]any{"schema": schema}}
}

// fixed are the types that write themselves and so cannot be read by their fields.
var fixed = map[reflect.Type]map[string]any{
	reflect.TypeFor[time.Time]():       {"type": "string", "format": "date-time"},
	reflect.TypeFor[uuid.UUID]():       {"type": "string", "format": "uuid"},
	reflect.TypeFor[model.UserID]():    {"type": "string", "format": "uuid"},
	reflect.TypeFor[model.ProfileID](): {"type": "string", "format": "uuid"},
	reflect.TypeFor[model.SessionID](): {"type": "string", "format": "uuid"},
	reflect.TypeFor[model.Instant]():   instant,
	reflect.TypeFor[model.PasskeyID](): {"type": "string", "format": "uuid"},

	reflect.TypeFor[model.PasskeyAnswer](): {"type": "object"},
	reflect.TypeFor[json.RawMessage]():     {},
	reflect.TypeFor[[]byte]():              {"type": "string", "contentEncoding": "base64"},
}

// schema describes a type; named structs become components, each once.
func (d describer) schema(t reflect.Type) map[string]any {
	if s, ok := fixed[t]; ok {
		return s
	}
	if t == reflect.TypeFor[model.Document]() {
		d.component("Document", func() map[string]any { return documentSchema })
		d.component("Block", func() map[string]any { return blockSchema })
		return map[string]any{"$ref": "#/components/schemas/Document"}
	}
	if t == reflect.TypeFor[model.Block]() {
		d.component("Block", func() map[string]any { return blockSchema })
		return map[string]any{"$ref": "#/components/schemas/Block"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return nullable(d.schema(t.Elem()))
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Int32:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		if t == reflect.TypeFor[[]byte]() { // a file
			return map[string]any{"type": "string", "format": "binary"}
		}
		return map[string]any{"type": "array", "items": d.schema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": d.schema(t.Elem())}
	case reflect.Struct:
		if t.Name() == "" || strings.ContainsAny(t.Name(), "[]") {
			return d.object(t)
		}
		d.component(t.Name(), func() map[string]any { return d.object(t) })
		return map[string]any{"$ref": "#/components/schemas/" + t.Name()}
	}
	return map[string]any{}
}

func (d describer) component(name string, make func() map[string]any) {
	if _, done := d.schemas[name]; done {
		return
	}
	d.schemas[name] = nil // stops a type that holds itself
	d.schemas[name] = make()
}

func (d describer) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	d.collect(t, properties, &required)
	out := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

func (d describer) collect(t reflect.Type, properties map[string]any, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := jsonName(f)
		if f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct {
			d.collect(f.Type, properties, required)
			continue
		}
		if name == "" {
			continue
		}
		properties[name] = d.field(f)
		if f.Tag.Get("required") == "true" {
			*required = append(*required, name)
		}
	}
}

func (d describer) field(f reflect.StructField) map[string]any {
	s := d.schema(f.Type)
	if f.Tag.Get("schema") == "Document" { // raw, because it is read with what is stored beside it
		s = d.schema(reflect.TypeFor[model.Document]())
	}
	if part, ok := strings.CutPrefix(f.Tag.Get("schema"), "Block."); ok {
		s = blockFields[part].(map[string]any)
	}
	doc := f.Tag.Get("doc")
	if doc == "" {
		return s
	}
	out := map[string]any{"description": doc}
	for k, v := range s {
		out[k] = v
	}
	return out
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" || !f.IsExported() || f.Tag.Get("door") == "form" {
		return ""
	}
	return name
}

func nullable(s map[string]any) map[string]any {
	kind, ok := s["type"].(string)
	if !ok {
		return map[string]any{"anyOf": []any{s, map[string]any{"type": "null"}}}
	}
	out := map[string]any{}
	for k, v := range s {
		out[k] = v
	}
	out["type"] = []string{kind, "null"}
	return out
}
