package mail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/hlpfl/platform/internal/model"
)

// mailboxHolds is how many mails a mailbox keeps; older ones go.
const mailboxHolds = 200

// Mailbox is where mails go in local mode: a folder with a file each, as they would
// have been sent. Several processes may use it at once.
type Mailbox struct {
	folder string
}

// NewMailbox is the mailbox in a folder, which is made when the first mail comes.
func NewMailbox(folder string) *Mailbox { return &Mailbox{folder} }

// Received is a mail in a mailbox.
type Received struct {
	ID         model.MailID
	To         string
	Subject    string
	At         time.Time
	Text, HTML string
}

const ending = ".eml"

func (b *Mailbox) carry(_ context.Context, id model.MailID, m *gomail.Msg) error {
	if err := os.MkdirAll(b.folder, 0o700); err != nil {
		return err
	}
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		return err
	}
	// Whole or not at all, for whoever looks at this moment.
	half := filepath.Join(b.folder, id.String()+".half")
	if err := os.WriteFile(half, raw.Bytes(), 0o600); err != nil { // the links in it are secret
		return err
	}
	if err := os.Rename(half, filepath.Join(b.folder, id.String()+ending)); err != nil {
		return err
	}
	names, err := b.names()
	if err != nil {
		return err
	}
	for _, old := range names[min(len(names), mailboxHolds):] {
		if err := os.Remove(filepath.Join(b.folder, old)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// names are those of the files, the newest first: ids sort by the time they were made.
func (b *Mailbox) names() ([]string, error) {
	entries, err := os.ReadDir(b.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ending) {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names, err
}

// List gives what is in the mailbox, the newest first.
func (b *Mailbox) List() ([]Received, error) {
	names, err := b.names()
	if err != nil {
		return nil, err
	}
	var list []Received
	for _, name := range names {
		id, err := model.ParseMailID(strings.TrimSuffix(name, ending))
		if err != nil {
			continue // somebody else's file
		}
		r, err := b.Read(id)
		if err != nil && model.KindOf(err) != model.KindNotFound {
			return nil, err
		}
		if err == nil {
			list = append(list, r)
		}
	}
	return list, nil
}

// Read gives one mail. It is NotFound when it is not there.
func (b *Mailbox) Read(id model.MailID) (Received, error) {
	raw, err := os.ReadFile(filepath.Join(b.folder, id.String()+ending))
	if errors.Is(err, fs.ErrNotExist) {
		return Received{}, model.NotFound()
	}
	if err != nil {
		return Received{}, err
	}
	r, err := Parse(raw)
	r.ID = id
	return r, err
}

// Parse takes a mail apart that was sent by us.
func Parse(raw []byte) (Received, error) {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Received{}, err
	}
	var r Received
	if r.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return r, err
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 {
		return r, errors.New("it goes to nobody, or to several")
	}
	r.To = to[0].Address
	if r.At, err = m.Header.Date(); err != nil {
		return r, err
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return r, err
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return r, err
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			return r, err
		}
		// Lines end as on this machine, not as on the wire.
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		if kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type")); kind == "text/html" {
			r.HTML = text
		} else {
			r.Text = text
		}
	}
}
