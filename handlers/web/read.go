package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/hlpfl/platform/internal/model"
)

// MaxBody is the largest body a handler reads, in bytes.
const MaxBody = 1 << 20

// validator is an input that can mend and check itself.
type validator interface{ Validate() error }

// Read binds the body into an input type by its json names, strictly: unknown
// names, wrong types and wrong values are Invalid and named. JSON comes in by the
// API door, a form by the others; the input is filled as far as it could be read
// even when there is an error, so that a form keeps what was typed.
func Read[T any](r *Request) (T, error) {
	var in T
	body, err := readBody(r)
	if err != nil {
		return in, err
	}
	if r.Door == API {
		err = readJSON(body, &in)
	} else {
		err = readForm(body, &in)
	}
	if err != nil {
		return in, err
	}
	if v, ok := any(&in).(validator); ok {
		return in, v.Validate()
	}
	return in, nil
}

// ReadValues reads a form as it came, for what another site sends: whatever names
// there are.
func ReadValues(r *Request) (url.Values, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	given, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &model.Error{Kind: model.KindUnreadable, Message: "This form could not be read."}
	}
	return given, nil
}

func readBody(r *Request) ([]byte, error) {
	req := r.Request()
	want := "application/x-www-form-urlencoded"
	if r.Door == API {
		want = "application/json"
	}
	body, err := drain(r)
	if err != nil {
		return nil, err
	}
	kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if len(body) > 0 && (err != nil || kind != want) {
		return nil, &model.Error{Kind: model.KindMediaType, Message: "Send the body as " + want + "."}
	}
	return body, nil
}

// drain reads the whole body, MaxBody at most.
func drain(r *Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(r.Response(), r.Request().Body, MaxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &model.Error{Kind: model.KindTooLarge, Message: fmt.Sprintf("This is more than we take at once: send at most %d KB.", MaxBody>>10)}
	}
	if err != nil {
		return nil, &model.Error{Kind: model.KindUnreadable, Message: "The request broke off before it was whole. Send it again.", Err: err}
	}
	return body, nil
}

// fields lists the input's names and where they go, those of an embedded struct
// too. A field tagged door:"form" is no field of the API's.
func fields(v reflect.Value, door Door) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "":
			maps.Copy(out, fields(v.Field(i), door))
		case name != "" && name != "-" && (door != API || field.Tag.Get("door") != "form"):
			out[name] = v.Field(i)
		}
	}
	return out
}

// ReadQuery binds the address's query into an input type by its json names, the
// same at every door. Names it does not know are left alone: others add theirs to
// addresses that people share.
func ReadQuery[T any](r *Request) (T, error) {
	var in T
	problems := model.Problems{}
	query := r.QueryParams()
	for name, target := range fields(reflect.ValueOf(&in).Elem(), r.Door) {
		if values := query[name]; len(values) > 0 {
			if err := setForm(target, values); err != nil {
				problems.Add(name, err)
			}
		}
	}
	return in, problems.Err()
}

func readJSON(body []byte, in any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(body, &given); err != nil || given == nil {
		var wrong *json.UnmarshalTypeError
		if err == nil || errors.As(err, &wrong) {
			return &model.Error{Kind: model.KindUnreadable, Message: "Send one JSON object {…}."}
		}
		return &model.Error{Kind: model.KindUnreadable, Message: "This is not JSON that can be read: " + jsonFault(err) + "."}
	}
	known := fields(reflect.ValueOf(in).Elem(), API)
	problems := model.Problems{}
	for name, raw := range given {
		target, ok := known[name]
		if !ok {
			problems.Add(shorten(name), model.Reason("There is no such field. Leave it out."))
			continue
		}
		if _, reads := target.Addr().Interface().(json.Unmarshaler); !reads && bytes.Equal(raw, []byte("null")) {
			continue // null says no more than leaving it out, unless the type knows better
		}
		err := json.Unmarshal(raw, target.Addr().Interface())
		var reason model.Reason
		switch {
		case errors.As(err, &reason):
			problems.Add(name, reason)
		case err != nil:
			problems.Add(name, model.Reason("This must be "+wanted(target.Type())+"."))
		}
	}
	return problems.Err()
}

func jsonFault(err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("at byte %d, %s", syntax.Offset, syntax.Error())
	}
	return err.Error()
}

func readForm(body []byte, in any) error {
	given, err := url.ParseQuery(string(body))
	if err != nil {
		return &model.Error{Kind: model.KindUnreadable, Message: "This form could not be read. Load the page again and send it once more."}
	}
	return setFields(given, in, Form)
}

// nestedForm is an input that takes some of a form's names itself, such as those
// that reach into lists; false leaves a name to its fields.
type nestedForm interface {
	SetForm(name string, values []string) bool
}

// setForm sets one field from a form's texts. The last value counts, so that a
// hidden "false" before a checkbox says what an empty box means.
func setForm(target reflect.Value, values []string) error {
	text := values[len(values)-1]
	// Browsers send line ends as CRLF.
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if target.Kind() == reflect.Pointer {
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	switch target.Kind() {
	case reflect.String:
		target.SetString(text)
	case reflect.Bool:
		switch text {
		case "true", "on", "1":
			target.SetBool(true)
		case "false", "off", "0", "":
			target.SetBool(false)
		default:
			return model.Reason("This must be true or false.")
		}
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return model.Reason("This must be a whole number.")
		}
		target.SetInt(n)
	default:
		if target.Type() == reflect.TypeFor[[]string]() {
			target.Set(reflect.ValueOf(values))
			return nil
		}
		return model.Reason("This field comes by the API only.")
	}
	return nil
}

func wanted(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}

// shorten makes a stranger's field name fit to be shown.
func shorten(name string) string {
	name = strings.ToValidUTF8(name, "?")
	if runes := []rune(name); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return name
}
