// Package axe checks a page in a browser for what keeps people out. The engine is axe-core, vendored here with its
// licence (MPL-2.0); nothing of it goes into the program.
package axe

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed axe.min.js
var engine string

// rules are WCAG 2.2 A and AA, and what axe-core holds for good practice.
const rules = `['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']`

// Check tells what is wrong with the page that the tab shows, one line a place; frames in it are checked as pages of
// their own. colours alone looks at contrast only, for the same page in other colours.
func Check(ctx context.Context, colours bool) (faults []string, err error) {
	only, more := rules, `{'target-size': {enabled: true}}`
	if colours {
		only, more = `{type: 'rule', values: ['color-contrast', 'link-in-text-block']}`, `{}`
	}
	script := fmt.Sprintf(`(async () => {
	  for (const a of document.getAnimations()) if (a.effect.getTiming().iterations !== Infinity) a.finish();
	  const result = await axe.run(document, {runOnly: %s, rules: %s, resultTypes: ['violations'], iframes: false});
	  return result.violations.flatMap(v => v.nodes.map(n => v.id + ' ' + n.target.join(' ') + ': ' + n.html.slice(0, 160) + ' — ' + n.failureSummary.replace(/\s+/g, ' ').slice(0, 300)));
	})()`, only, more)
	err = chromedp.Run(ctx,
		chromedp.ActionFunc(func(ctx context.Context) error {
			var there bool
			if err := chromedp.Evaluate(`typeof axe === 'object'`, &there).Do(ctx); err != nil || there {
				return err
			}
			_, exception, err := runtime.Evaluate(engine).Do(ctx)
			if exception != nil {
				return exception
			}
			return err
		}),
		chromedp.Evaluate(script, &faults, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return faults, err
}
