package analytics

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf8"

	"github.com/hlpfl/platform/internal/model"
)

// A pack is one version byte and then events, each as its length (uvarint) and
// that many bytes: fields, each a tag byte, a length (uvarint) and its bytes. An
// empty field is left out; a reader skips tags it does not know, so that two
// versions of the program can share an inbox and a spool. Packs without their
// version byte can be joined.
const packVersion = 1

// Tags of a pack's fields. A number is never used again for something else.
const (
	tagID       = 1
	tagProfile  = 2
	tagKind     = 3
	tagLink     = 4
	tagTarget   = 5
	tagFiltered = 6
	tagVisitor  = 7
	tagCountry  = 8
	tagDevice   = 9
	tagOS       = 10
	tagBrowser  = 11
	tagApp      = 12
	tagSource   = 13
	tagReferrer = 14
	tagMedium   = 15
	tagCampaign = 16
	tagTerm     = 17
	tagContent  = 18
)

// appendEvent adds an event to a pack.
func appendEvent(pack []byte, e *model.Event) []byte {
	// The length stands before the fields and is known after them: three bytes are
	// kept free for it, enough for 2 MB.
	start := len(pack)
	pack = append(pack, 0, 0, 0)
	pack = appendField(pack, tagID, e.ID.UUID[:])
	pack = appendField(pack, tagProfile, e.Profile.UUID[:])
	pack = appendField(pack, tagKind, e.Kind)
	pack = appendField(pack, tagLink, e.Link)
	pack = appendField(pack, tagTarget, e.Target)
	pack = appendField(pack, tagFiltered, e.Filtered)
	if e.Visitor != (model.VisitorHash{}) {
		pack = appendField(pack, tagVisitor, e.Visitor[:])
	}
	pack = appendField(pack, tagCountry, e.Country)
	pack = appendField(pack, tagDevice, e.Device)
	pack = appendField(pack, tagOS, e.OS)
	pack = appendField(pack, tagBrowser, e.Browser)
	pack = appendField(pack, tagApp, e.App)
	pack = appendField(pack, tagSource, e.Source)
	pack = appendField(pack, tagReferrer, e.Referrer)
	pack = appendField(pack, tagMedium, e.Medium)
	pack = appendField(pack, tagCampaign, e.Campaign)
	pack = appendField(pack, tagTerm, e.Term)
	pack = appendField(pack, tagContent, e.Content)
	n := len(pack) - start - 3
	pack[start], pack[start+1], pack[start+2] = byte(n)|0x80, byte(n>>7)|0x80, byte(n>>14)
	return pack
}

func appendField[T ~string | ~[]byte](pack []byte, tag byte, value T) []byte {
	if len(value) == 0 {
		return pack
	}
	pack = append(pack, tag)
	pack = binary.AppendUvarint(pack, uint64(len(value)))
	return append(pack, value...)
}

// brokenEvent is one event of a pack that cannot be stored, as it was packed.
type brokenEvent struct {
	raw    []byte
	reason string
}

var errBrokenPack = errors.New("unreadable pack")

// readPack takes a pack apart. An event that cannot be stored is set aside alone,
// the others are given. The error is errBrokenPack when the pack's own framing is
// damaged; what was read before the damage is given with it.
func readPack(pack []byte, events []model.Event) ([]model.Event, []brokenEvent, error) {
	if len(pack) == 0 || pack[0] != packVersion {
		return events, nil, errBrokenPack
	}
	var aside []brokenEvent
	for pack = pack[1:]; len(pack) > 0; {
		n, w := binary.Uvarint(pack)
		if w <= 0 || n > uint64(len(pack)-w) {
			return events, aside, errBrokenPack
		}
		raw := pack[w : w+int(n)]
		pack = pack[w+int(n):]
		e, reason := readEvent(raw)
		if reason != "" {
			aside = append(aside, brokenEvent{raw, reason})
			continue
		}
		events = append(events, e)
	}
	return events, aside, nil
}

// readEvent reads one event; reason says why it cannot be stored, "" when it can.
func readEvent(raw []byte) (e model.Event, reason string) {
	texts := [...]*string{
		tagTarget: &e.Target, tagFiltered: &e.Filtered, tagCountry: &e.Country, tagDevice: &e.Device, tagOS: &e.OS,
		tagBrowser: &e.Browser, tagApp: &e.App, tagSource: &e.Source, tagReferrer: &e.Referrer, tagMedium: &e.Medium,
		tagCampaign: &e.Campaign, tagTerm: &e.Term, tagContent: &e.Content,
	}
	for len(raw) > 0 {
		tag := raw[0]
		n, w := binary.Uvarint(raw[1:])
		if w <= 0 || n > uint64(len(raw)-1-w) {
			return e, "unreadable"
		}
		value := raw[1+w : 1+w+int(n)]
		raw = raw[1+w+int(n):]
		switch {
		case tag == tagID && len(value) == 16:
			copy(e.ID.UUID[:], value)
		case tag == tagProfile && len(value) == 16:
			copy(e.Profile.UUID[:], value)
		case tag == tagVisitor && len(value) == len(e.Visitor):
			copy(e.Visitor[:], value)
		case tag == tagID, tag == tagProfile, tag == tagVisitor:
			return e, "unreadable"
		case !utf8.Valid(value) || bytes.IndexByte(value, 0) >= 0:
			return e, "damaged text"
		case tag == tagKind:
			e.Kind = model.EventKind(value)
		case tag == tagLink:
			e.Link = model.BlockID(value)
		case int(tag) < len(texts) && texts[tag] != nil:
			*texts[tag] = string(value)
		}
	}
	switch {
	case e.ID.IsZero() || e.ID.Version() != 7:
		return e, "no id"
	case e.Profile.IsZero():
		return e, "no profile"
	case e.Kind != model.View && e.Kind != model.Click:
		return e, "unknown kind"
	}
	return e, ""
}
