package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Thing is something on the page as a screen reader names it: a role and a name. A * in a name stands for any words.
type Thing struct {
	tab        *Tab
	role, name string
}

// Find is a thing by its role.
func (b *Tab) Find(role, name string) Thing { return Thing{b, role, name} }

// Button is a button by its name.
func (b *Tab) Button(name string) Thing { return b.Find("button", name) }

// Link is a link by its name.
func (b *Tab) Link(name string) Thing { return b.Find("link", name) }

// Field is a field to write in, by its label.
func (b *Tab) Field(label string) Thing { return b.Find("textbox", label) }

// Switch is a switch by its label.
func (b *Tab) Switch(label string) Thing { return b.Find("switch", label) }

func (t Thing) String() string { return fmt.Sprintf("%s “%s”", t.role, t.name) }

// Named are the names of everything of a role, in the order of the page.
func (b *Tab) Named(role string) []string {
	b.T.Helper()
	nodes, err := b.nodes(role)
	if err != nil {
		b.T.Fatal(err)
	}
	names := []string{}
	for _, n := range nodes {
		names = append(names, text(n.Name))
	}
	return names
}

func (b *Tab) nodes(role string) (found []*accessibility.Node, err error) {
	ctx, cancel := context.WithTimeout(b.Context, patience)
	defer cancel()
	err = chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		document, _, err := runtime.Evaluate(`document`).Do(ctx)
		if err != nil {
			return err
		}
		all, err := accessibility.QueryAXTree().WithObjectID(document.ObjectID).WithRole(role).Do(ctx)
		for _, n := range all {
			if !n.Ignored {
				found = append(found, n)
			}
		}
		return err
	}))
	return found, err
}

func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s string
	_ = json.Unmarshal(v.Value, &s)
	return strings.Join(strings.Fields(s), " ")
}

func (t Thing) matches(name string) bool {
	parts := strings.Split(t.name, "*")
	if len(parts) == 1 {
		return name == t.name
	}
	last := len(parts) - 1
	if !strings.HasPrefix(name, parts[0]) || !strings.HasSuffix(name, parts[last]) {
		return false
	}
	name = name[len(parts[0]):]
	for _, part := range parts[1:last] {
		_, after, found := strings.Cut(name, part)
		if !found {
			return false
		}
		name = after
	}
	return len(name) >= len(parts[last])
}

// node is the first such thing, nil when there is none now.
func (t Thing) node() *accessibility.Node {
	nodes, err := t.tab.nodes(t.role)
	if err != nil {
		return nil // the page is being replaced
	}
	for _, n := range nodes {
		if t.matches(text(n.Name)) {
			return n
		}
	}
	return nil
}

// Here tells whether it stands on the page now.
func (t Thing) Here() bool { return t.node() != nil }

// See waits until it stands on the page.
func (t Thing) See() {
	t.tab.T.Helper()
	t.tab.Until(t.String(), t.Here)
}

// SeeNot waits until it stands there no longer.
func (t Thing) SeeNot() {
	t.tab.T.Helper()
	t.tab.Until(t.String()+" to go", func() bool { return !t.Here() })
}

// Value is what stands in it now.
func (t Thing) Value() string {
	n := t.node()
	if n == nil {
		return ""
	}
	return text(n.Value)
}

// Holds waits until it holds a value.
func (t Thing) Holds(value string) {
	t.tab.T.Helper()
	t.tab.Until(fmt.Sprintf("%s to hold %q, not %q", t, value, t.Value()), func() bool { n := t.node(); return n != nil && text(n.Value) == value })
}

// Is tells a property of it: "checked", "disabled", "focused", "invalid", "expanded".
func (t Thing) Is(property string) string {
	n := t.node()
	if n == nil {
		return ""
	}
	for _, p := range n.Properties {
		if string(p.Name) == property {
			return strings.Trim(string(p.Value.Value), `"`)
		}
	}
	return ""
}

// Describes is what is said of it beside its name.
func (t Thing) Describes() string {
	n := t.node()
	if n == nil {
		return ""
	}
	return text(n.Description)
}

// call runs a function on the thing's element, the element as this.
func (t Thing) call(function string, into any) error {
	n := t.node()
	if n == nil {
		return fmt.Errorf("no %s", t)
	}
	ctx, cancel := context.WithTimeout(t.tab.Context, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		object, err := dom.ResolveNode().WithBackendNodeID(n.BackendDOMNodeID).Do(ctx)
		if err != nil {
			return err
		}
		value, exception, err := runtime.CallFunctionOn(function).WithObjectID(object.ObjectID).WithReturnByValue(true).WithAwaitPromise(true).Do(ctx)
		if err != nil {
			return err
		}
		if exception != nil {
			return exception
		}
		if into == nil {
			return nil
		}
		return json.Unmarshal(value.Value, into)
	}))
}

type point struct {
	X, Y float64
	Hit  bool
}

// place brings the thing into sight and tells where a finger would find it. A thing that something else covers is not
// hit.
const place = `function () {
  let box = this.getBoundingClientRect();
  if (box.top < 0 || box.bottom > innerHeight || box.left < 0 || box.right > innerWidth) this.scrollIntoView({block: 'center', behavior: 'instant'});
  for (const line of this.getClientRects()) {
    const x = line.left + line.width / 2, y = line.top + line.height / 2, at = document.elementFromPoint(x, y);
    if (line.width && at && (this.contains(at) || (at.closest('label') && at.closest('label').control === this))) return {X: x, Y: y, Hit: true};
  }
  box = this.getBoundingClientRect();
  return {X: box.left + box.width / 2, Y: box.top + box.height / 2, Hit: false};
}`

// Where waits until it stands still where it can be hit, and tells where, in CSS pixels of the window.
func (t Thing) Where() (x, y float64) {
	t.tab.T.Helper()
	var last point
	t.tab.Until(t.String()+" to stand still where it can be hit", func() bool {
		var now point
		if t.call(place, &now) != nil {
			return false
		}
		still := now.Hit && now == last
		last = now
		return still
	})
	return last.X, last.Y
}

// Click clicks on it, with the mouse.
func (t Thing) Click() {
	t.tab.T.Helper()
	x, y := t.Where()
	t.tab.Do(chromedp.MouseClickXY(x, y))
}

// Paste replaces what stands in it by a text, as from the clipboard.
func (t Thing) Paste(value string) {
	t.tab.T.Helper()
	t.Click()
	t.tab.Until(t.String()+" to have the focus", func() bool { return t.Is("focused") == "true" })
	t.tab.Do(
		input.DispatchKeyEvent(input.KeyDown).WithKey("a").WithCode("KeyA").WithModifiers(input.ModifierCtrl).WithCommands([]string{"selectAll"}),
		input.DispatchKeyEvent(input.KeyUp).WithKey("a").WithCode("KeyA").WithModifiers(input.ModifierCtrl),
		input.InsertText(value))
}

// Choose chooses an entry of a list by its words.
func (t Thing) Choose(words string) {
	t.tab.T.Helper()
	t.See()
	err := t.call(fmt.Sprintf(`function () {
	  const o = [...this.options].find(o => o.label === %q);
	  if (!o) throw new Error('no such choice');
	  this.value = o.value;
	  this.dispatchEvent(new Event('input', {bubbles: true})); this.dispatchEvent(new Event('change', {bubbles: true}));
	}`, words), nil)
	if err != nil {
		t.tab.T.Fatalf("%s: %v", t, err)
	}
}

// Drag takes it with the mouse and lets it go over another thing.
func (t Thing) Drag(to Thing) {
	t.tab.T.Helper()
	toX, toY := to.Where()
	x, y := t.Where()
	steps := chromedp.Tasks{input.DispatchMouseEvent(input.MouseMoved, x, y),
		input.DispatchMouseEvent(input.MousePressed, x, y).WithButton(input.Left).WithButtons(1).WithClickCount(1)}
	for i := 1.0; i <= 12; i++ { // a hand moves in small steps, and a little too far
		part := min(i/10, 1)
		steps = append(steps, input.DispatchMouseEvent(input.MouseMoved, x+(toX-x)*part, y+(toY-y)*part+max(i-10, 0)).WithButton(input.Left).WithButtons(1),
			chromedp.Sleep(20*time.Millisecond))
	}
	steps = append(steps, input.DispatchMouseEvent(input.MouseReleased, toX, toY).WithButton(input.Left).WithClickCount(1))
	t.tab.Do(steps...)
}

// Focused is what the keyboard is at: role and name.
type Focused struct{ Role, Name string }

// Focus tells what the keyboard is at.
func (b *Tab) Focus() (f Focused) {
	ctx, cancel := context.WithTimeout(b.Context, patience)
	defer cancel()
	_ = chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		object, _, err := runtime.Evaluate(`document.activeElement`).Do(ctx)
		if err != nil || object.ObjectID == "" {
			return errors.Join(err, cdp.ErrInvalidContext)
		}
		nodes, err := accessibility.GetPartialAXTree().WithObjectID(object.ObjectID).WithFetchRelatives(false).Do(ctx)
		if err == nil && len(nodes) > 0 {
			f = Focused{text(nodes[0].Role), text(nodes[0].Name)}
		}
		return err
	}))
	return f
}
