package model

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// wrongDate is the answer to a date that can be read in two ways, or in none.
const wrongDate = Reason("Write the date as year-month-day, like 2026-12-24; or as 24.12.2026.")

// tableDate reads a date, with or without a time, as tables have it: 2026-12-24,
// 24.12.2026, 24 Dec 2026. 4/12/2026 is refused: half of the world means April.
func tableDate(text string) (string, error) {
	day, clock, timed := strings.Cut(strings.Replace(text, "T", " ", 1), " ")
	for _, form := range []string{"2006-01-02", "2006/01/02", "02.01.2006", "2.1.2006"} {
		if t, err := time.Parse(form, day); err == nil {
			out := t.Format("2006-01-02") + "T00:00"
			if timed && strings.TrimSpace(clock) != "" {
				hour, err := tableTime(clock)
				if err != nil {
					return "", err
				}
				out = out[:len("2006-01-02")] + "T" + hour
			}
			return out, checkYear(t)
		}
	}
	for _, form := range []string{"2 Jan 2006", "2 January 2006", "January 2, 2006", "Jan 2, 2006"} {
		if t, err := time.Parse(form, text); err == nil {
			return t.Format(localForm), checkYear(t)
		}
	}
	return "", wrongDate
}

func checkYear(t time.Time) error {
	if t.Year() < 1970 || t.Year() > 9998 {
		return wrongDate
	}
	return nil
}

var clockForm = regexp.MustCompile(`^([0-9]{1,2})(?:[:.h]([0-9]{2}))?(?::[0-9]{2})? ?(am|pm|uhr|h)?$`)

// tableTime reads a time as tables have it: 20:30, 20.30, 20h30, 8:30 pm, 20 Uhr.
func tableTime(text string) (string, error) {
	const wrong = Reason("Write the time like 20:30.")
	found := clockForm.FindStringSubmatch(strings.ToLower(strings.TrimFunc(text, blank)))
	if found == nil {
		return "", wrong
	}
	hour, _ := strconv.Atoi(found[1]) // at most two digits, by its form
	minute, _ := strconv.Atoi(found[2])
	if found[3] == "am" || found[3] == "pm" {
		if hour < 1 || hour > 12 {
			return "", wrong
		}
		hour %= 12
		if found[3] == "pm" {
			hour += 12
		}
	}
	if hour > 23 || minute > 59 {
		return "", wrong
	}
	return time.Date(2000, 1, 1, hour, minute, 0, 0, time.UTC).Format("15:04"), nil
}
