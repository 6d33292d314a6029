package pages

import (
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
	csp   string
	// until is when the page changes by itself; zero when it does not.
	until time.Time
	// row is kept where until is set: so the page is drawn anew at that moment, also
	// while PostgreSQL is away.
	row *store.PublicProfile

	making sync.Mutex                // held by whoever adds a form
	forms  [2]atomic.Pointer[[]byte] // by Coding: Gzip, Brotli; those that were asked for
}

// entryCost is about what an entry takes besides its bytes: the struct, its
// strings' headers, the nodes of the cache and of the index.
const entryCost = 900

// weight is what the entry takes, in bytes.
func (e *entry) weight() uint32 {
	n := entryCost + len(e.links) + len(e.csp) + len(e.handle)
	for i := range e.forms {
		if body := e.forms[i].Load(); body != nil {
			n += cap(*body)
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

// body gives the page in a coding. added tells that the entry has grown by it.
func (e *entry) body(c Coding) (body []byte, added bool, err error) {
	if c != Plain {
		if kept := e.forms[c].Load(); kept != nil {
			return *kept, false, nil
		}
		e.making.Lock()
		defer e.making.Unlock()
		if kept := e.forms[c].Load(); kept != nil {
			return *kept, false, nil
		}
	}
	for from := range e.forms {
		kept := e.forms[from].Load()
		if kept == nil {
			continue
		}
		plain, err := unpack(Coding(from), *kept)
		if err != nil || c == Plain {
			return plain, false, err
		}
		return e.add(c, plain)
	}
	return nil, false, errNotDrawn
}

// add packs the page and keeps that form.
func (e *entry) add(c Coding, plain []byte) ([]byte, bool, error) {
	body, err := pack(c, plain)
	if err != nil {
		return nil, false, err
	}
	e.forms[c].Store(&body)
	return body, true, nil
}
