package site

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

func TestThePencilWritesEverySignOfAHandle(t *testing.T) {
	for _, r := range "abcdefghijklmnopqrstuvwxyz0123456789-_." {
		if hand[string(r)] == "" {
			t.Errorf("no %c", r)
		}
	}
}

func TestOneLetterIsMended(t *testing.T) {
	for _, c := range []struct {
		asked, exists string
		want          correction
	}{
		{"inesokafr", "inesokafor", correction{missing, "inesokaf", "r", "", "o"}},
		{"nesokafor", "inesokafor", correction{missing, "", "nesokafor", "", "i"}},
		{"inesokafo", "inesokafor", correction{missing, "inesokafo", "", "", "r"}},
		{"inesokaffor", "inesokafor", correction{surplus, "inesokaf", "or", "f", ""}},
		{"inesokaforr", "inesokafor", correction{surplus, "inesokafor", "", "r", ""}},
		{"inesokafur", "inesokafor", correction{wrong, "inesokaf", "r", "u", "o"}},
		{"ines", "inesokafor", correction{}},
		{"ab", "ba", correction{}},
		{"ines", "", correction{}},
		{"ines", "ines", correction{}},
	} {
		if got := correct(c.asked, c.exists); got != c.want {
			t.Errorf("%s for %s: %+v, want %+v", c.asked, c.exists, got, c.want)
		}
	}
}

func FuzzCorrect(f *testing.F) {
	f.Add("inesokafr", "inesokafor")
	f.Add("", "a")
	f.Fuzz(func(t *testing.T, asked, exists string) {
		c := correct(asked, exists)
		if c.kind == unlike {
			return
		}
		if c.before+c.asked+c.after != asked || c.before+c.letter+c.after != exists {
			t.Errorf("%q for %q: %+v", asked, exists, c)
		}
	})
}

func TestDocsTellWhatTheDescriptionSays(t *testing.T) {
	d, err := ReadDocs([]byte(sampleOpenAPI))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Groups) != 2 || d.Groups[0].Name != "auth" || len(d.Groups[1].Operations) != 2 {
		t.Fatalf("groups: %+v", d.Groups)
	}
	login := d.Groups[0].Operations[0]
	if !login.Open || login.Method != http.MethodPost || login.Status != "200" || login.Answer.Named != "Tokens" {
		t.Errorf("login: %+v", login)
	}
	if want := (DocField{Name: "email", Type: "string", Required: true, Notes: "at most 254 characters"}); login.Body.Fields[0] != want {
		t.Errorf("email: %+v", login.Body.Fields[0])
	}
	gone := d.Groups[1].Operations[1]
	if gone.Open || gone.Status != "204" || gone.Answer.Type != "" || gone.Parameters[0].Notes != "in the path" {
		t.Errorf("delete: %+v", gone)
	}
	profile := d.Schemas[0]
	if profile.Name != "Profile" || profile.Fields[len(profile.Fields)-1].Name != "theme.name" || profile.Fields[len(profile.Fields)-1].Notes != "one of plain, jacket, tape" {
		t.Errorf("profile: %+v", profile)
	}
	if _, err := ReadDocs([]byte("{")); err == nil {
		t.Error("half a document was read")
	}
}

func TestRatesSayWhatPlansHold(t *testing.T) {
	r := RatesFrom(plans.All())
	if len(r.Plans) != 4 || r.Plans[0].Links != plans.Of(plans.Free).Links || r.Plans[1].Pictures != plans.Of(plans.Artist).Pictures || r.Plans[1].Monthly != plans.Of(plans.Artist).DollarsMonthly || r.Plans[1].Branding {
		t.Errorf("%+v", r.Plans)
	}
	if limit(plans.Unlimited) != "No limit" || limit(5) != "5" {
		t.Error("limits")
	}
}

func TestErrorsNeverShowWhatBroke(t *testing.T) {
	for status := 400; status < 600; status++ {
		w := errorWords(Error{Status: status, Message: "a secret"})
		if w.title == "" || w.says == "" {
			t.Errorf("%d says nothing", status)
		}
		if status >= 500 && strings.Contains(w.says, "secret") {
			t.Errorf("%d tells what broke", status)
		}
	}
	if got := wait(130); got != "Try again in 3 minutes." {
		t.Errorf("wait: %s", got)
	}
}
