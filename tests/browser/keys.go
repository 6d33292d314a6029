package browser

import (
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys presses keys one after the other: letters, or those of chromedp's kb.
func (b *Tab) Keys(keys string) {
	b.T.Helper()
	b.Do(chromedp.KeyEvent(keys))
}

// TabTo goes on by the tab key until the keyboard is at a thing, and tells that the focus could be seen at every step.
func (b *Tab) TabTo(role, name string) {
	b.T.Helper()
	want := Thing{b, role, name}
	var passed []Focused
	for range 80 {
		at := b.Focus()
		if at.Role == role && want.matches(at.Name) {
			return
		}
		passed = append(passed, at)
		b.Keys(kb.Tab)
		b.focusSeen()
	}
	b.T.Fatalf("the tab key does not lead to %s; it passed %v", want, passed)
}

// TabBack goes one step back.
func (b *Tab) TabBack() {
	b.T.Helper()
	b.Do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(input.ModifierShift)))
}

// focusSeen fails the test when one cannot see where the keyboard is.
func (b *Tab) focusSeen() {
	b.T.Helper()
	var fault string
	b.Must(seen, &fault)
	if fault != "" {
		b.T.Errorf("at %s, focus on %v: %s", b.Path(), b.Focus(), fault)
	}
}

// seen looks for a ring of two pixels at least, or the pencil's line under a field, on what has the focus or on what
// holds it; the thing must stand inside the window with nothing over it.
const seen = `new Promise(done => requestAnimationFrame(() => {
  const e = document.activeElement;
  if (!e || e === document.body || e.tagName === 'IFRAME') return done('');
  for (const a of document.getAnimations()) if (a.effect.getTiming().iterations !== Infinity) a.finish();
  const probe = document.createElement('i');
  document.body.append(probe);
  probe.style.setProperty('color', 'var(--pencil)');
  const pencil = getComputedStyle(probe).color;
  probe.remove();
  let ring = false;
  for (let at = e, up = 0; at && up < 4; at = at.parentElement, up++) {
    for (const pseudo of [null, '::before', '::after']) {
      const s = getComputedStyle(at, pseudo);
      if (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && at.matches(':focus, :focus-within')) ring = true;
    }
    const s = getComputedStyle(at);
    if (e.matches('input, textarea, select') && (s.boxShadow.includes(pencil) || s.borderBottomColor === pencil && parseFloat(s.borderBottomWidth) > 1)) ring = true;
  }
  if (!ring) return done('it cannot be seen');
  const box = e.getBoundingClientRect();
  if (box.width < 2 || box.bottom < 0 || box.top > innerHeight) return done('it stands outside of the window: ' + JSON.stringify(box));
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
  const over = document.elementFromPoint(x, y);
  if (over && !e.contains(over) && !over.contains(e)) return done('it lies under ' + over.outerHTML.slice(0, 80));
  done('');
}))`
