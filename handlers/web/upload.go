package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

const (
	// uploadWithin is how long a body with a file may take to come in.
	uploadWithin = 5 * time.Minute
	// answerWithin is how long may be worked on it after that.
	answerWithin = 2 * time.Minute
	// drainAtMost is how much more than fits is still read, in bytes, so that whoever
	// sends it hears why it was refused.
	drainAtMost = 256 << 20
	// maxParts is how many parts a body may have: a gallery's form has some hundreds.
	maxParts = 2048
)

// Upload says how a body with a file is read.
type Upload struct {
	Field    string   // the part that holds the file
	Fields   []string // or several parts, by ReadUploads
	Files    int      // how many files, by ReadUploads
	Most     int64    // bytes of a file
	Folder   string   // where it waits meanwhile
	TooLarge error    // the answer to a larger one
}

// File is one of several files of a body. It waits on the disk, without a name, and
// is gone when it is closed or the program ends.
type File struct {
	Field string   // the part that it came in
	Name  string   // as whoever sent it calls it
	File  *os.File // nil when there is an Err
	Err   error    // why this one is not taken; the others are
}

// IsUpload reports whether a body is multipart/form-data.
func IsUpload(r *Request) bool {
	kind, _, err := mime.ParseMediaType(r.Request().Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// ReadUpload is Read for a body that may hold a file: multipart/form-data at either
// door. The file waits on the disk, without a name, and is gone when it is closed or
// the program ends; it is nil when none was chosen. The input is filled as by a form.
func ReadUpload[T any](r *Request, o Upload) (in T, file *os.File, err error) {
	if !IsUpload(r) {
		return in, nil, &model.Error{Kind: model.KindMediaType, Message: "Send the body as multipart/form-data."}
	}
	o.Fields, o.Files = []string{o.Field}, 1
	in, files, err := ReadUploads[T](r, o)
	for _, f := range files {
		if file = f.File; err == nil {
			err = f.Err
		}
	}
	if err != nil && file != nil {
		return in, nil, errors.Join(err, file.Close())
	}
	return in, file, err
}

// ReadUploads is ReadUpload for a body that may hold several files. What is wrong
// with one is told with it, and the others come whole; the input is filled, and the
// files are there, even when the error is Invalid. Whoever reads them closes them.
func ReadUploads[T any](r *Request, o Upload) (in T, files []File, err error) {
	if !IsUpload(r) {
		return in, nil, &model.Error{Kind: model.KindMediaType, Message: "Send the body as multipart/form-data."}
	}
	// A slow line is no fault: these few routes get more time than others.
	c := http.NewResponseController(r.Response())
	_ = c.SetReadDeadline(time.Now().Add(uploadWithin)) // tests' recorders know no deadlines
	_ = c.SetWriteDeadline(time.Now().Add(uploadWithin + answerWithin))
	body := r.Request().Body
	defer func() { _, _ = io.CopyN(io.Discard, body, drainAtMost) }()
	parts, err := r.Request().MultipartReader()
	if err != nil {
		return in, nil, brokenOff(err)
	}
	fields, files, err := readParts(parts, o)
	if err != nil {
		CloseFiles(files)
		return in, nil, err
	}
	if err := setFields(fields, &in, r.Door); err != nil {
		return in, files, err
	}
	if v, ok := any(&in).(validator); ok {
		return in, files, v.Validate()
	}
	return in, files, nil
}

// CloseFiles lets go of uploaded files.
func CloseFiles(files []File) {
	for _, f := range files {
		if f.File != nil {
			_ = f.File.Close() // it was only read
		}
	}
}

func brokenOff(err error) error {
	return &model.Error{Kind: model.KindUnreadable, Message: "The upload broke off before it was whole. Send it again.", Err: err}
}

func readParts(parts *multipart.Reader, o Upload) (fields url.Values, files []File, err error) {
	fields = url.Values{}
	room := int64(MaxBody)
	for range maxParts {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, files, nil
		}
		if err != nil {
			return fields, files, brokenOff(err)
		}
		if slices.Contains(o.Fields, part.FormName()) {
			if len(files) == o.Files {
				return fields, files, &model.Error{Kind: model.KindTooLarge, Message: fmt.Sprintf("That are more files than we take at once: send %d at most.", o.Files)}
			}
			f := File{Field: part.FormName(), Name: shorten(part.FileName())}
			f.File, err = keepPart(part, o)
			switch {
			case err != nil && errors.Is(err, o.TooLarge):
				f.Err, err = o.TooLarge, nil
				if n, _ := io.CopyN(io.Discard, part, drainAtMost); n == drainAtMost {
					return fields, files, o.TooLarge // it does not end
				}
			case err == nil && f.File == nil:
				continue // none was chosen
			}
			if err != nil {
				return fields, append(files, f), err
			}
			files = append(files, f)
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, room+1))
		if err != nil {
			return fields, files, brokenOff(err)
		}
		if room -= int64(len(text)); room < 0 {
			return fields, files, &model.Error{Kind: model.KindTooLarge, Message: "The fields beside the file are more than we take at once."}
		}
		fields.Add(part.FormName(), string(text))
	}
	return fields, files, &model.Error{Kind: model.KindTooLarge, Message: "That are more fields than we take at once."}
}

// keepPart puts a file on the disk; nil when it is empty and nameless, as browsers
// send what was not chosen.
func keepPart(part *multipart.Part, o Upload) (*os.File, error) {
	file, err := os.CreateTemp(o.Folder, "upload-*")
	if err != nil {
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	// Without a name it goes with the program, however that ends.
	if err := os.Remove(file.Name()); err != nil {
		return file, fmt.Errorf("keep an upload: %w", err)
	}
	n, err := io.Copy(file, io.LimitReader(part, o.Most+1))
	var disk *os.PathError
	switch {
	case errors.As(err, &disk):
		return file, model.Unavailable(err)
	case err != nil:
		return file, brokenOff(err)
	case n > o.Most:
		return nil, errors.Join(o.TooLarge, file.Close())
	case n == 0 && part.FileName() == "":
		return nil, file.Close()
	}
	_, err = file.Seek(0, io.SeekStart)
	return file, err
}

// setFields fills an input from a form's texts.
func setFields(given url.Values, in any, door Door) error {
	known := fields(reflect.ValueOf(in).Elem(), door)
	problems := model.Problems{}
	names, nested := in.(nestedForm)
	for name, values := range given {
		if nested && names.SetForm(name, values) {
			continue
		}
		target, ok := known[name]
		if !ok {
			problems.Add(shorten(name), model.Reason("There is no such field. Leave it out."))
			continue
		}
		if err := setForm(target, values); err != nil {
			problems.Add(name, err)
		}
	}
	return problems.Err()
}
