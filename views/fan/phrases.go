package fan

import (
	"strconv"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// phrases are the few words on a page that are ours and not the artist's.
type phrases struct {
	lang string
	// elsewhere is the label of the socials, to be followed or preceded by the name.
	before, after string
	// madeBefore and madeAfter stand around the maker's name at the foot.
	madeBefore, madeAfter string
	// soldOut is of merch and shows.
	soldOut, cancelled, postponed string
	// tickets are the words on tickets, by kind.
	tickets map[model.TicketKind]string
	// forWhat stands around a place and a day: " for … ".
	forBefore, forAfter string
	calendar, feed      string // a show in the fan's calendar, and all of them
	noDates             string
	save                string // a contact to the fan's contacts
	mail, phone, text   string // ways to reach somebody
	// out and onSale have the day, or day and time, in the place of %.
	out, onSale string
	// months have their names whole and short; day and date put them together.
	months, short [12]string
	date          string // "%d %m %y"
	day           string // "%d %m"
}

// translations are the languages they are known in.
var translations = map[string]phrases{
	"en": {
		lang: "en", after: " elsewhere", madeBefore: "Made with ",
		soldOut: "Sold out", cancelled: "Cancelled", postponed: "Postponed",
		tickets:   map[model.TicketKind]string{model.TicketSale: "Tickets", model.TicketPresale: "Presale", model.TicketVIP: "VIP", model.TicketFree: "Free entry"},
		forBefore: " for ", calendar: "Calendar", feed: "All dates in my calendar", noDates: "No dates now.", save: "Save to contacts",
		mail: "E-mail", phone: "Phone", text: "Text message", out: "Out %", onSale: "On sale %",
		months: split("January February March April May June July August September October November December"),
		short:  split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
		date:   "%d %m %y", day: "%d %m",
	},
	"ja": {
		lang: "ja", after: "のリンク", madeAfter: " で作成",
		soldOut: "完売", cancelled: "中止", postponed: "延期",
		tickets:  map[model.TicketKind]string{model.TicketSale: "チケット", model.TicketPresale: "先行販売", model.TicketVIP: "VIP", model.TicketFree: "入場無料"},
		forAfter: "の公演", calendar: "カレンダー", feed: "全日程をカレンダーに追加", noDates: "現在予定はありません。", save: "連絡先に保存",
		mail: "メール", phone: "電話", text: "メッセージ", out: "%発売", onSale: "%発売開始",
		months: split("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"), short: split("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"),
		date: "%y年%m%d日", day: "%m%d日",
	},
	"ar": {
		lang: "ar", before: "روابط ", madeBefore: "صُنع بواسطة ",
		soldOut: "نفدت التذاكر", cancelled: "أُلغي", postponed: "أُجّل",
		tickets:   map[model.TicketKind]string{model.TicketSale: "تذاكر", model.TicketPresale: "بيع مسبق", model.TicketVIP: "كبار الزوار", model.TicketFree: "دخول مجاني"},
		forBefore: " لحفل ", calendar: "التقويم", feed: "كل المواعيد في تقويمي", noDates: "لا مواعيد الآن.", save: "حفظ في جهات الاتصال",
		mail: "بريد إلكتروني", phone: "هاتف", text: "رسالة", out: "يصدر في %", onSale: "يبدأ البيع في %",
		months: split("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
		short:  split("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
		date:   "%d %m %y", day: "%d %m",
	},
}

func split(names string) (months [12]string) {
	copy(months[:], strings.Fields(names))
	return months
}

// phrases are those of the page's language, in English when it is not known.
func (s sheet) phrases() phrases {
	if p, ok := translations[s.Lang]; ok {
		return p
	}
	return translations["en"]
}

// elsewhere names the list of socials for those who hear the page.
func (s sheet) elsewhere() string { return s.phrases().before + s.Name.Text + s.phrases().after }

// foreign is the language of our own words where it is not the page's, else empty.
func (s sheet) foreign() string {
	if p := s.phrases(); p.lang != s.Lang {
		return p.lang
	}
	return ""
}

// fill writes a day in a form of the language.
func (p phrases) fill(form string, at time.Time) string {
	return strings.NewReplacer("%d", strconv.Itoa(at.Day()), "%m", p.months[at.Month()-1], "%y", strconv.Itoa(at.Year())).Replace(form)
}

// clock is an hour as most of the world writes it, and all of it reads.
func clock(at time.Time) string { return at.Format("15:04") }

// outOn says when a release comes out: the day, and the hour where it is not the day's first.
func (p phrases) outOn(at time.Time) string {
	day := p.fill(p.date, at)
	if at.Hour() != 0 || at.Minute() != 0 {
		day += ", " + clock(at)
	}
	return strings.Replace(p.out, "%", day, 1)
}

// onSaleOn says when a sale begins.
func (p phrases) onSaleOn(at time.Time) string {
	return strings.Replace(p.onSale, "%", p.fill(p.day, at)+", "+clock(at), 1)
}

// ticket is what a ticket is called; one of an unknown kind is a ticket like most.
func (p phrases) ticket(kind model.TicketKind) string {
	if word, ok := p.tickets[kind]; ok {
		return word
	}
	return p.tickets[model.TicketSale]
}

// status is what stands in the place of tickets; empty while there are some to be had.
func (p phrases) status(s model.ShowStatus) string {
	switch s {
	case model.ShowSoldOut:
		return p.soldOut
	case model.ShowCancelled:
		return p.cancelled
	case model.ShowPostponed:
		return p.postponed
	}
	return ""
}

// forShow says of which show a button is, for those who hear the page.
func (p phrases) forShow(show Show) string {
	return p.forBefore + show.City + ", " + p.fill(p.date, show.At) + p.forAfter
}

// way is what a way to reach somebody is called when the artist gave no name.
func (p phrases) way(w Way) string {
	switch scheme, _, _ := strings.Cut(w.Href, ":"); {
	case w.Title != "":
		return w.Title
	case scheme == "mailto":
		return p.mail
	case scheme == "tel":
		return p.phone
	case scheme == "sms":
		return p.text
	}
	return w.Figure
}
