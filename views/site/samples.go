package site

import (
	"fmt"

	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/views/ui"
)

// Samples are the pages for everybody in their states, for /dev/views. All people are invented.
func Samples() []ui.Sample {
	sleeves := []Sleeve{{"jacket", "Jacket"}, {"gatefold", "Gatefold"}, {"riso", "Riso"}, {"stadium", "Stadium"}, {"tape", "Tape"}, {"plain", "Plain"}}
	rates := RatesFrom(plans.All())
	page := func(name string, c ui.Sample) ui.Sample {
		c.Name, c.Page = name, true
		return c
	}
	docs, err := ReadDocs([]byte(sampleOpenAPI))
	if err != nil {
		panic(err) // it stands below
	}
	samples := []ui.Sample{
		page("landing", ui.Sample{Component: LandingPage(Landing{Host: "hlpfl.com", Sleeves: sleeves, Rates: rates})}),
		page("landing-signed-in", ui.Sample{Component: LandingPage(Landing{Bar: Bar{SignedIn: true}, Host: "localhost:8080", Sleeves: sleeves, Rates: rates})}),
		page("pricing", ui.Sample{Component: PricingPage(Pricing{Rates: rates})}),
		page("register", ui.Sample{Component: RegisterPage(Register{Host: "hlpfl.com"})}),
		page("register-claimed", ui.Sample{Component: RegisterPage(Register{Host: "hlpfl.com", Handle: "inesokafor"})}),
		page("register-wrong", ui.Sample{Component: RegisterPage(Register{Host: "hlpfl.com", Handle: "inesokafor", Email: "ines@", Name: "Ines",
			Errors:  ui.Errors{"email": "That is not an e-mail address. It looks like you@example.com.", "password": "Too short. Eight characters or more."},
			Problem: "Two fields need mending. What you wrote is still here."})}),
		page("login", ui.Sample{Component: LoginPage(Login{})}),
		page("login-wrong", ui.Sample{Component: LoginPage(Login{Email: "ines@inesokafor.example", Next: "/dashboard",
			Problem: "That e-mail and password don’t go together. Your e-mail is still here; try the password again."})}),
		page("second-factor", ui.Sample{Component: SecondFactorPage(SecondFactor{App: true, Passkey: true, Recovery: true})}),
		page("second-factor-wrong", ui.Sample{Component: SecondFactorPage(SecondFactor{App: true, Recovery: true, Errors: ui.Errors{"code": "This code is not right, or was used before. Wait for the next one; a recovery code is good once."}})}),
		page("second-factor-passkey", ui.Sample{Component: SecondFactorPage(SecondFactor{Passkey: true})}),
		page("login-ways", ui.Sample{Component: LoginPage(Login{Next: "/dashboard", Ways: allWays("")})}),
		page("login-in-app", ui.Sample{Component: LoginPage(Login{Ways: allWays("Instagram")})}),
		page("register-ways", ui.Sample{Component: RegisterPage(Register{Host: "hlpfl.com", Ways: allWays("")})}),
		page("address", ui.Sample{Component: AddressPage(Address{Provider: "Spotify", Name: "Ines Okafor", Email: "ines@inesokafor.example"})}),
		page("address-taken", ui.Sample{Component: AddressPage(Address{Provider: "Spotify", Email: "ines@inesokafor.example",
			Errors: ui.Errors{"email": "This address has an account already. Sign in instead."}})}),
		page("login-after", ui.Sample{Component: LoginPage(Login{Done: "disowned"})}),
		page("ask-link", ui.Sample{Component: AskPage(Ask{Next: "/dashboard/account"})}),
		page("ask-reset-wrong", ui.Sample{Component: AskPage(Ask{Reset: true, Email: "ines@", Errors: ui.Errors{"email": "That is not an e-mail address. It looks like you@example.com."}})}),
		page("ask-sent", ui.Sample{Component: AskPage(Ask{Sent: true})}),
		page("link-verify", ui.Sample{Component: MailLinkPage(mailLink("verify"))}),
		page("link-sign-in", ui.Sample{Component: MailLinkPage(mailLink("sign-in"))}),
		page("link-reset-wrong", ui.Sample{Component: MailLinkPage(wrongReset())}),
		page("link-change", ui.Sample{Component: MailLinkPage(mailLink("change"))}),
		page("link-undo", ui.Sample{Component: MailLinkPage(mailLink("undo"))}),
		page("link-bad", ui.Sample{Component: BadLinkPage(BadLink{Purpose: "sign-in", Problem: "This link is no good, or not any more: each works once, for a while, and only the newest one. Ask for another."})}),
		page("link-bad-verify", ui.Sample{Component: BadLinkPage(BadLink{Purpose: "verify", Problem: "Too many links opened from your network. Try again in 40 seconds."})}),
		page("lost-missing-letter", ui.Sample{Component: LostPage(Lost{Host: "hlpfl.com", Handle: "inesokafr", Nearest: "inesokafor", Free: true})}),
		page("lost-letter-too-many", ui.Sample{Component: LostPage(Lost{Host: "hlpfl.com", Handle: "inesokaffor", Nearest: "inesokafor"})}),
		page("lost-wrong-letter", ui.Sample{Component: LostPage(Lost{Host: "hlpfl.com", Handle: "inesokafur", Nearest: "inesokafor", Free: true})}),
		page("lost", ui.Sample{Component: LostPage(Lost{Host: "hlpfl.com", Handle: "nobody", Free: true})}),
		page("lost-long", ui.Sample{Component: LostPage(Lost{Bar: Bar{SignedIn: true}, Host: "hlpfl.com", Handle: "the-orchestra-of-brackenbury.x"})}),
		page("docs", ui.Sample{Component: DocsPage(docs)}),
	}
	for _, e := range []Error{
		{Status: 401}, {Status: 403}, {Status: 404}, {Status: 409}, {Status: 410}, {Status: 413}, {Status: 418, Message: "One field needs mending."},
		{Status: 429, RetryAfter: 42}, {Status: 500, RequestID: "0190a5f2-8c3e-7b1a-9d4e-2f6a1c7b3e90", Message: "pq: a secret"}, {Status: 503, RetryAfter: 5},
	} {
		samples = append(samples, page(fmt.Sprintf("error-%d", e.Status), ui.Sample{Component: ErrorPage(e)}))
	}
	return samples
}

// allWays are all identity providers, in an app or in none.
func allWays(app string) Ways {
	return Ways{App: app, Providers: []Provider{{"google", "Google", app != ""}, {"apple", "Apple", false}, {"spotify", "Spotify", false}}}
}

func mailLink(purpose string) MailLink {
	return MailLink{Purpose: purpose, Token: "mB3cM0v6Yq1l2wYd0Zk7uJp9sTq4hQxR5nE8aLf2GtA", Address: "ines@inesokafor.example", Other: "ines@oldmail.example", Unproven: true}
}

func wrongReset() MailLink {
	v := mailLink("reset")
	v.Errors = ui.Errors{"password": "This is too short: 8 characters at least."}
	return v
}

// sampleOpenAPI is a small description with everything in it that the reference knows to draw.
const sampleOpenAPI = `{"openapi":"3.1.0","info":{"title":"HLPFL","version":"1.0.0","description":"Times are RFC 3339 in UTC. Errors are application/problem+json."},
"servers":[{"url":"https://hlpfl.example"}],
"paths":{
 "/api/auth/login":{"post":{"summary":"Signs in.","requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["email","password"],"properties":{"email":{"type":"string","maxLength":254},"password":{"type":"string"}}}}}},"responses":{"200":{"description":"Done.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Tokens"}}}}}}},
 "/api/profiles":{"get":{"summary":"The user’s own profiles.","security":[{"token":[]}],"responses":{"200":{"description":"Done.","content":{"application/json":{"schema":{"type":"object","properties":{"data":{"type":"array","items":{"$ref":"#/components/schemas/Profile"}},"next":{"type":["string","null"]}}}}}}}}},
 "/api/profiles/{id}":{"delete":{"summary":"Deletes a profile; it can be restored for 30 days.","security":[{"token":[]}],"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string","format":"uuid"}},{"name":"Idempotency-Key","in":"header","schema":{"type":"string","maxLength":255}}],"responses":{"204":{"description":"Done."}}}}},
"components":{"schemas":{
 "Profile":{"type":"object","required":["id","handle"],"properties":{"id":{"type":"string","format":"uuid"},"handle":{"type":"string","minLength":2,"maxLength":30},"is_active":{"type":"boolean","default":true},"theme":{"type":"object","properties":{"name":{"type":"string","enum":["plain","jacket","tape"]}}}}},
 "Tokens":{"type":"object","properties":{"access_token":{"type":"string"},"expires_in":{"type":"integer","minimum":1}}}}}}`
