package media

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// Field is the form field, and the part of an upload, that holds the file.
const Field = "file"

// refusal marks what is wrong with a file, as against what is wrong with us.
type refusal = model.Error

// refuse is Invalid for the file.
func refuse(reason string) error { return model.Invalid(Field, reason) }

// refuseKind is the same for what is no picture at all.
func refuseKind(reason string) error {
	return &model.Error{Kind: model.KindMediaType, Message: reason, Fields: map[string]string{Field: reason}}
}

// TooLarge is the answer to a file of more than MaxUpload bytes.
func TooLarge() error {
	const reason = "This file is larger than 20 MB. Save it smaller."
	return &model.Error{Kind: model.KindTooLarge, Message: reason, Fields: map[string]string{Field: reason}}
}

// busy is the answer when too many pictures wait already.
func busy() error {
	const reason = "Many pictures are being worked on right now. Send it again in a few seconds."
	return &model.Error{Kind: model.KindTooMany, Message: reason, Fields: map[string]string{Field: reason}, RetryAfter: 5 * time.Second}
}
