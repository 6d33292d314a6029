package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Agents of real browsers: a headless one is a robot to us.
const (
	DeskAgent  = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
	PhoneAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)

// patience bounds each wait. It is long because the machine may be busy; nothing waits longer than it has to.
const patience = 30 * time.Second

// ShotsVariable names the environment variable with a folder for pictures of the screens on which tests failed.
const ShotsVariable = "HLPFL_E2E_SHOTS"

// Setting is what somebody sits at.
type Setting struct {
	Screen   Screen
	Agent    string
	NoScript bool
	// Origin is the program's, http://host:port: whatever else is asked for is a third party.
	Origin string
}

// Tab is one tab of somebody's browser. It finds things as people do, by role and name, and fails its test when that
// takes too long. Whatever the browser complains about, and every request to somebody else, fails the test at its end.
type Tab struct {
	T       testing.TB
	Context context.Context
	Setting Setting

	session context.Context
	person  cdp.BrowserContextID
	listener
}

// New opens a browser window with cookies of its own, closed when the test ends.
func New(session context.Context, t testing.TB, s Setting) *Tab {
	t.Helper()
	var person cdp.BrowserContextID
	err := chromedp.Run(session, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		person, err = target.CreateBrowserContext().WithDisposeOnDetach(true).Do(whole(ctx))
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	return window(session, t, person, s)
}

// Another opens a second window of the same browser: it shares the cookies.
func (b *Tab) Another() *Tab {
	b.T.Helper()
	return window(b.session, b.T, b.person, b.Setting)
}

// Person is whose browser the tab is of, for what is granted to it.
func (b *Tab) Person() cdp.BrowserContextID { return b.person }

// whole turns an action to the browser itself instead of a tab of it.
func whole(ctx context.Context) context.Context {
	return cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
}

func window(session context.Context, t testing.TB, person cdp.BrowserContextID, s Setting) *Tab {
	t.Helper()
	var id target.ID
	err := chromedp.Run(session, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		id, err = target.CreateTarget("about:blank").WithBrowserContextID(person).WithNewWindow(true).Do(whole(ctx))
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(session, chromedp.WithTargetID(id))
	t.Cleanup(cancel)
	b := newTab(ctx, t, s)
	b.session, b.person = session, person
	return b
}

func newTab(ctx context.Context, t testing.TB, s Setting) *Tab {
	t.Helper()
	b := &Tab{T: t, Context: ctx, Setting: s}
	b.listener.origin = s.Origin
	chromedp.ListenTarget(ctx, b.listener.hear)
	err := chromedp.Run(ctx, cdplog.Enable(), network.Enable(), Resize(s.Screen), Colours(s.Screen),
		emulation.SetUserAgentOverride(s.Agent), emulation.SetFocusEmulationEnabled(true), WithoutScripts(s.NoScript))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			b.picture()
		}
		for _, complaint := range b.listener.complaints() {
			t.Errorf("the browser says: %s", complaint)
		}
		for _, address := range b.listener.strangers() {
			t.Errorf("a third party was asked: %s", address)
		}
	})
	return b
}

// picture keeps what a failed test saw last.
func (b *Tab) picture() {
	folder := os.Getenv(ShotsVariable)
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.Context, 10*time.Second)
	defer cancel()
	var shot []byte
	if err := chromedp.Run(ctx, Photograph(b.Setting.Screen, true, &shot)); err != nil {
		b.T.Log(err)
		return
	}
	name := filepath.Join(folder, strings.ReplaceAll(b.T.Name(), "/", "-")+fmt.Sprintf("-%d.png", time.Now().UnixNano()%1000))
	if err := os.WriteFile(name, shot, 0o644); err == nil {
		b.T.Log("the last screen: " + name)
	}
}

// Do runs actions in the tab.
func (b *Tab) Do(actions ...chromedp.Action) {
	b.T.Helper()
	ctx, cancel := context.WithTimeout(b.Context, 2*patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.T.Fatal(err)
	}
}

// Go opens a path of the program, or a whole address, and waits until it stands.
func (b *Tab) Go(path string) {
	b.T.Helper()
	if strings.HasPrefix(path, "/") {
		path = b.Setting.Origin + path
	}
	b.Do(chromedp.Navigate(path))
}

// Reload loads the page again.
func (b *Tab) Reload() {
	b.T.Helper()
	b.Do(chromedp.Reload())
}

// Eval asks the page for a value, once.
func (b *Tab) Eval(script string, into any) error {
	ctx, cancel := context.WithTimeout(b.Context, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate(script, into, Await))
}

// Must is Eval that fails the test.
func (b *Tab) Must(script string, into any) {
	b.T.Helper()
	if err := b.Eval(script, into); err != nil {
		b.T.Fatalf("%s: %v", script, err)
	}
}

// Until waits until is is true; what says for what.
func (b *Tab) Until(what string, is func() bool) {
	b.T.Helper()
	deadline := time.Now().Add(patience)
	for !is() {
		if time.Now().After(deadline) {
			b.T.Fatalf("waited in vain for %s; at %s the page says:\n%s", what, b.Path(), b.Text())
		}
		time.Sleep(25 * time.Millisecond)
	}
}

// Path is where the tab is: path and query, or the whole address when it is somewhere else.
func (b *Tab) Path() string {
	var at string
	_ = b.Eval(`location.href`, &at)
	return strings.TrimPrefix(at, b.Setting.Origin)
}

// At waits until the tab is at a path that begins so.
func (b *Tab) At(prefix string) {
	b.T.Helper()
	b.Until("the address "+prefix, func() bool { return strings.HasPrefix(b.Path(), prefix) })
}

// Text is what can be read on the page, spaces made one, empty while there is no page.
func (b *Tab) Text() string {
	var text string
	_ = b.Eval(`document.body ? document.body.innerText : ''`, &text)
	return strings.Join(strings.Fields(text), " ")
}

// Reads tells whether a text stands on the page now, however it is cased.
func (b *Tab) Reads(text string) bool {
	return strings.Contains(strings.ToLower(b.Text()), strings.ToLower(text))
}

// See waits until texts stand on the page.
func (b *Tab) See(texts ...string) {
	b.T.Helper()
	for _, text := range texts {
		b.Until(fmt.Sprintf("%q", text), func() bool { return b.Reads(text) })
	}
}

// SeeNot waits until texts stand there no longer.
func (b *Tab) SeeNot(texts ...string) {
	b.T.Helper()
	for _, text := range texts {
		b.Until(fmt.Sprintf("%q to go", text), func() bool { return !b.Reads(text) })
	}
}
