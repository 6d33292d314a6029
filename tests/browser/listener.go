package browser

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// Request is one that the tab made.
type Request struct {
	Method, URL string
	Kind        network.ResourceType
	// Sent and Set are the cookies' header lines that went there and came back.
	Sent, Set string
	Status    int64
	id        network.RequestID
}

// listener collects what a tab asks for and what its browser complains about.
type listener struct {
	origin string

	mu       sync.Mutex
	said     []string
	forgiven []*regexp.Regexp
	outside  bool
	requests []*Request
}

func (l *listener) hear(event any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := event.(type) {
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.LevelError || e.Entry.Level == cdplog.LevelWarning {
			l.said = append(l.said, fmt.Sprintf("%s (%s)", e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning || e.Type == runtime.APITypeAssert {
			var words []string
			for _, a := range e.Args {
				words = append(words, string(a.Value)+a.Description)
			}
			l.said = append(l.said, "console: "+strings.Join(words, " "))
		}
	case *runtime.EventExceptionThrown:
		l.said = append(l.said, "exception: "+e.ExceptionDetails.Error())
	case *page.EventJavascriptDialogOpening:
		l.said = append(l.said, "dialog: "+e.Message)
	case *network.EventRequestWillBeSent:
		l.requests = append(l.requests, &Request{Method: e.Request.Method, URL: e.Request.URL, Kind: e.Type, id: e.RequestID})
	case *network.EventRequestWillBeSentExtraInfo:
		if r := l.request(e.RequestID); r != nil {
			r.Sent = header(e.Headers, "cookie")
		}
	case *network.EventResponseReceivedExtraInfo:
		if r := l.request(e.RequestID); r != nil {
			r.Set, r.Status = header(e.Headers, "set-cookie"), e.StatusCode
		}
	}
}

// request is the latest of that id: a redirect keeps it.
func (l *listener) request(id network.RequestID) *Request {
	for i := len(l.requests) - 1; i >= 0; i-- {
		if l.requests[i].id == id {
			return l.requests[i]
		}
	}
	return nil
}

func header(headers network.Headers, name string) string {
	for k, v := range headers {
		if strings.EqualFold(k, name) {
			return fmt.Sprint(v)
		}
	}
	return ""
}

// Forgive takes complaints that match a pattern as part of the story: a page that is meant to be missing, say.
func (l *listener) Forgive(pattern string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgiven = append(l.forgiven, regexp.MustCompile(pattern))
}

// Leaves says that this story leads out of the program: pages elsewhere are no third party then, what a page of ours
// loads still is.
func (l *listener) Leaves() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.outside = true
}

// Requests are all that the tab made so far.
func (l *listener) Requests() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]Request, 0, len(l.requests))
	for _, r := range l.requests {
		list = append(list, *r)
	}
	return list
}

func (l *listener) complaints() (list []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
next:
	for _, said := range l.said {
		for _, pattern := range l.forgiven {
			if pattern.MatchString(said) {
				continue next
			}
		}
		list = append(list, said)
	}
	return list
}

func (l *listener) strangers() (list []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.requests {
		own := strings.HasPrefix(r.URL, l.origin+"/") || strings.HasPrefix(r.URL, "data:") || strings.HasPrefix(r.URL, "about:")
		if !own && !(l.outside && r.Kind == network.ResourceTypeDocument) {
			list = append(list, r.URL)
		}
	}
	return list
}
