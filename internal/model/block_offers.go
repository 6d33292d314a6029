package model

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// MaxWays is how many ways to reach somebody a contact holds.
const MaxWays = 12

// Contact is somebody to write to or to call. Fans can save it as a vCard.
type Contact struct {
	Title        string // over it: "Booking"; may be empty
	Name         string // of the person, or of the office
	Organization string
	Role         string
	Note         string
	Ways         []Way
}

// Way is one way to reach a Contact: mailto, tel, sms or a page. Its taps count.
type Way struct {
	ID    BlockID
	Title string // "" is named after its kind
	URL   URL

	extra extra
}

// Merch is a thing to buy; its clicks count.
type Merch struct {
	Title   string
	URL     URL
	Price   *Price   // nil when none is told
	Picture *Picture // nil when there is none
	SoldOut bool
}

// Price is what something costs: an amount in a currency, or a text like "Pay what
// you like". One of the two is empty.
type Price struct {
	Amount   string // with a point before the cents: "25", "24.50"
	Currency string // ISO 4217: "EUR"
	Text     string

	extra extra
}

// MarshalJSON writes the price in its one canonical form.
func (p Price) MarshalJSON() ([]byte, error) {
	out := map[string]any{}
	put(out, "amount", p.Amount)
	put(out, "currency", p.Currency)
	put(out, "text", p.Text)
	return json.Marshal(p.extra.object(out))
}

// Type is the block's type as it stands in JSON.
func (Contact) Type() string { return "contact" }

// Type is the block's type as it stands in JSON.
func (Merch) Type() string { return "merch" }

func readContact(f *fields) Body {
	c := Contact{Title: f.text("title"), Name: f.text("name"), Organization: f.text("organization"), Role: f.text("role"), Note: f.text("note")}
	for _, own := range f.list("ways", MaxWays) {
		c.Ways = append(c.Ways, Way{own.id(), own.text("title"), own.url("url"), own.rest()})
	}
	return c
}

func (c Contact) check(problems Problems) Body {
	line(problems, "title", &c.Title, MaxTitle, "")
	line(problems, "name", &c.Name, MaxTitle, "Say who it is: a person, or an office.")
	line(problems, "organization", &c.Organization, MaxTitle, "")
	line(problems, "role", &c.Role, MaxTitle, "")
	line(problems, "note", &c.Note, MaxAlt, "")
	if len(c.Ways) == 0 {
		problems.Add("ways", Reason("Give an e-mail address, a phone number or a page."))
	}
	few(problems, "ways", len(c.Ways), MaxWays)
	c.Ways = slices.Clone(c.Ways)
	for i := range c.Ways {
		line(problems, part("ways", i, "title"), &c.Ways[i].Title, MaxTitle, "")
		address(problems, part("ways", i, "url"), &c.Ways[i].URL)
	}
	return c
}

func (c Contact) write(out map[string]any) {
	out["name"] = c.Name
	put(out, "title", c.Title)
	put(out, "organization", c.Organization)
	put(out, "role", c.Role)
	put(out, "note", c.Note)
	list := make([]any, len(c.Ways))
	for i, w := range c.Ways {
		own := map[string]any{"id": w.ID, "url": w.URL}
		put(own, "title", w.Title)
		list[i] = w.extra.object(own)
	}
	out["ways"] = list
}

func (c Contact) rename(f func(BlockID) BlockID) Body {
	c.Ways = slices.Clone(c.Ways)
	for i := range c.Ways {
		c.Ways[i].ID = f(c.Ways[i].ID)
	}
	return c
}

func (c Contact) extras() (all []extra) {
	for _, w := range c.Ways {
		all = append(all, w.extra)
	}
	return all
}

func readMerch(f *fields) Body {
	m := Merch{Title: f.text("title"), URL: f.url("url"), Picture: f.picture("picture"), SoldOut: f.flag("sold_out")}
	if own := f.object("price"); own != nil {
		m.Price = &Price{own.text("amount"), own.text("currency"), own.text("text"), own.rest()}
	}
	return m
}

func (m Merch) check(problems Problems) Body {
	address(problems, "url", &m.URL)
	line(problems, "title", &m.Title, MaxTitle, "Give it a title: it is what fans tap.")
	m.Picture = picture(problems, "picture", m.Picture)
	m.Price = m.Price.check(problems)
	return m
}

var (
	amountForm   = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

// maxPrice is the longest price told in words, in characters.
const maxPrice = 40

// check is a copy of the price, mended; nil when it says nothing.
func (p *Price) check(problems Problems) *Price {
	if p == nil {
		return nil
	}
	own := *p
	line(problems, "price.text", &own.Text, maxPrice, "")
	own.Amount = strings.Replace(strings.TrimFunc(own.Amount, blank), ",", ".", 1)
	own.Currency = strings.ToUpper(strings.TrimFunc(own.Currency, blank))
	switch {
	case own.Amount == "":
		own.Currency = ""
	case own.Text != "":
		problems.Add("price.text", Reason("Give an amount or a text, not both."))
	case !amountForm.MatchString(own.Amount):
		problems.Add("price.amount", Reason("Give a number, like 25 or 24.50."))
	case !currencyForm.MatchString(own.Currency):
		problems.Add("price.currency", Reason("Give the currency's three letters, like EUR or USD."))
	}
	if own.Amount == "" && own.Text == "" && own.extra == nil {
		return nil
	}
	return &own
}

// signs stand before an amount where everybody knows them; other currencies are
// told by their letters.
var signs = map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "KRW": "₩", "INR": "₹", "NGN": "₦", "BRL": "R$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "MXN": "MX$"}

// String is the price as people write it: "€ 25", "CHF 24.50"; "" for none.
func (p *Price) String() string {
	switch {
	case p == nil:
		return ""
	case p.Amount == "":
		return p.Text
	case signs[p.Currency] != "":
		return signs[p.Currency] + "\u00a0" + p.Amount
	}
	return p.Currency + "\u00a0" + p.Amount
}

func (m Merch) write(out map[string]any) {
	out["title"], out["url"] = m.Title, m.URL
	put(out, "price", m.Price)
	put(out, "picture", m.Picture)
	put(out, "sold_out", m.SoldOut)
}

func (m Merch) rename(func(BlockID) BlockID) Body { return m }

func (m Merch) extras() []extra {
	all := pictureExtras(m.Picture)
	if m.Price != nil {
		all = append(all, m.Price.extra)
	}
	return all
}
