package model

import "slices"

// keepExtras gives the parts of a changed block what a newer version stored in
// them: an older form knows nothing of it and does not send it back.
func keepExtras(was, now Body) Body {
	switch now := now.(type) {
	case Link:
		now.Thumb = keepPicture(was.(Link).Thumb, now.Thumb)
		return now
	case Image:
		now.Picture = keepPicture(was.(Image).Picture, now.Picture)
		return now
	case Gallery:
		old := was.(Gallery).Pictures
		for i := range now.Pictures {
			if j := slices.IndexFunc(old, func(p Picture) bool { return p.Media == now.Pictures[i].Media }); j >= 0 {
				now.Pictures[i].extra = withKept(old[j].extra, now.Pictures[i].extra)
			}
		}
		return now
	case FAQ:
		old := was.(FAQ).Questions
		for i := range now.Questions {
			if j := slices.IndexFunc(old, func(q Question) bool { return q.Question == now.Questions[i].Question }); j >= 0 {
				now.Questions[i].extra = withKept(old[j].extra, now.Questions[i].extra)
			}
		}
		return now
	case Merch:
		old := was.(Merch)
		now.Picture = keepPicture(old.Picture, now.Picture)
		if old.Price != nil && now.Price != nil {
			now.Price.extra = withKept(old.Price.extra, now.Price.extra)
		}
		return now
	case Embed:
		now.Picture = keepPicture(was.(Embed).Picture, now.Picture)
		return now
	case Contact:
		old := was.(Contact).Ways
		for i := range now.Ways {
			if j := slices.IndexFunc(old, func(w Way) bool { return w.ID == now.Ways[i].ID }); j >= 0 {
				now.Ways[i].extra = withKept(old[j].extra, now.Ways[i].extra)
			}
		}
		return now
	case Release:
		old := was.(Release)
		now.Cover = keepPicture(old.Cover, now.Cover)
		keepServices(old.Services, now.Services)
		keepServices(old.PreSaves, now.PreSaves)
		return now
	case Tour:
		keepShows(was.(Tour).Shows, now.Shows)
		return now
	}
	return now
}

func keepPicture(was, now *Picture) *Picture {
	if was == nil || now == nil || was.Media != now.Media {
		return now
	}
	own := *now
	own.extra = withKept(was.extra, own.extra)
	return &own
}

func keepServices(was, now []Service) {
	for i := range now {
		if j := slices.IndexFunc(was, func(s Service) bool { return s.ID == now[i].ID }); j >= 0 {
			now[i].extra = withKept(was[j].extra, now[i].extra)
		}
	}
}

func keepShows(was, now []Show) {
	for i := range now {
		j := slices.IndexFunc(was, func(s Show) bool { return s.ID == now[i].ID })
		if j < 0 {
			continue
		}
		now[i].extra = withKept(was[j].extra, now[i].extra)
		for k := range now[i].Tickets {
			if l := slices.IndexFunc(was[j].Tickets, func(t Ticket) bool { return t.ID == now[i].Tickets[k].ID }); l >= 0 {
				now[i].Tickets[k].extra = withKept(was[j].Tickets[l].extra, now[i].Tickets[k].extra)
			}
		}
	}
}

// withKept is what now has and, where it says nothing, what was there.
func withKept(was, now extra) extra {
	if len(was) == 0 {
		return now
	}
	all := extra{}
	for k, v := range was {
		all[k] = v
	}
	for k, v := range now {
		all[k] = v
	}
	return all
}
