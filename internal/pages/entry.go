package pages

import (
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// entry is what the cache holds of one profile. Only its forms and its row's
// absence change after it was made.
type entry struct {
	id     model.ProfileID
	handle model.Handle
	links  links
	zone   string // the profile's time zone; a few hundred names are shared by all entries

	drawn bool   // the page was asked for; else it is here for its links alone
	tag   string // of the plain bytes
	csp   []string
	// until is when the page changes by itself; zero when it does not.
	until time.Time
	// row is kept where until is set: so the page is drawn anew at that moment, also
	// while PostgreSQL is away; and where files are made of it.
	row *store.PublicProfile

	making sync.Mutex              // held by whoever adds a form
	forms  [2]atomic.Pointer[form] // by Coding: Gzip, Brotli; those that were asked for
}

// form is the page in one coding, with what its headers say of it.
type form struct {
	body         []byte
	etag, length []string
}

func newForm(tag string, c Coding, body []byte) *form {
	return &form{body, []string{etag(tag, c)}, []string{strconv.Itoa(len(body))}}
}

// entryCost is about what an entry takes besides its bytes: the struct, its
// strings' headers, the nodes of the cache and of the index.
const entryCost = 900

// formCost is about what a form takes besides its bytes.
const formCost = 150

// weight is what the entry takes, in bytes.
func (e *entry) weight() uint32 {
	n := entryCost + len(e.links) + len(e.handle)
	for _, csp := range e.csp {
		n += len(csp)
	}
	for i := range e.forms {
		if f := e.forms[i].Load(); f != nil {
			n += cap(f.body) + formCost
		}
	}
	if e.row != nil {
		n += len(e.row.Data) + len(e.row.Name) + 200
	}
	return uint32(n)
}

// valid reports whether the page still shows what it should at an instant.
func (e *entry) valid(at time.Time) bool {
	return e.until.IsZero() || at.Before(e.until)
}

// form gives the page in a coding. grown tells that the entry has grown by it.
func (e *entry) form(c Coding) (f *form, grown bool, err error) {
	if c != Plain {
		if kept := e.forms[c].Load(); kept != nil {
			return kept, false, nil
		}
		e.making.Lock()
		defer e.making.Unlock()
		if kept := e.forms[c].Load(); kept != nil {
			return kept, false, nil
		}
	}
	for from := range e.forms {
		kept := e.forms[from].Load()
		if kept == nil {
			continue
		}
		plain, err := unpack(Coding(from), kept.body)
		if err != nil {
			return nil, false, err
		}
		if c == Plain {
			return newForm(e.tag, Plain, plain), false, nil
		}
		f, err := e.add(c, plain)
		return f, err == nil, err
	}
	return nil, false, errNotDrawn
}

// add packs the page and keeps that form.
func (e *entry) add(c Coding, plain []byte) (*form, error) {
	body, err := pack(c, plain)
	if err != nil {
		return nil, err
	}
	f := newForm(e.tag, c, body)
	e.forms[c].Store(f)
	return f, nil
}
