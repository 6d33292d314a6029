package fan

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// card writes a contact as a vCard 4.0.
func card(c model.Contact, since time.Time) string {
	var v contentLines
	v.raw("BEGIN", "VCARD")
	v.raw("VERSION", "4.0")
	v.value("FN", c.Name)
	// Which of its words is the family's nobody can tell; older programs want the line.
	v.raw("N", ";"+escapeText.Replace(c.Name)+";;;")
	v.text("ORG", c.Organization)
	v.value("ROLE", c.Role)
	v.value("NOTE", c.Note)
	for _, way := range c.Ways {
		switch way.URL.Scheme() {
		case "mailto":
			v.value("EMAIL", way.URL.Path())
		case "tel":
			v.raw("TEL;VALUE=uri;TYPE=voice", "tel:"+way.URL.Path())
		case "sms":
			v.raw("TEL;VALUE=uri;TYPE=text", "tel:"+way.URL.Path())
		default:
			v.raw("URL", way.URL.String())
		}
	}
	v.raw("REV", since.UTC().Format("20060102T150405Z"))
	v.raw("END", "VCARD")
	return v.String()
}
