// Package mail writes the mails: each kind makes a Letter of what is known, and one
// layout draws every Letter, as HTML and as text.
package mail

import (
	"strings"
)

// Letter is a mail as it reads. Every text in it is plain and of one line.
type Letter struct {
	Subject string
	// Preview is what lists of mails show behind the subject.
	Preview string
	// Title is what it says in one sentence.
	Title string
	// Before and After are the paragraphs before and after the Act.
	Before, After []string
	// Act is the one thing to do; without a URL there is none.
	Act Act
	// Why says why this was sent, and what to do when it should not have been.
	Why string
}

// Act is a button that leads to one of our pages.
type Act struct {
	Label, URL string
}

// Text is the letter for those who read plain text. The lines are not broken:
// programs that show them know how wide they are.
func (l Letter) Text() string {
	var b strings.Builder
	paragraph := func(text string) {
		if text != "" {
			b.WriteString(text + "\n\n")
		}
	}
	paragraph(l.Title)
	for _, p := range l.Before {
		paragraph(p)
	}
	if l.Act.URL != "" {
		paragraph(l.Act.Label + ":\n" + l.Act.URL)
	}
	for _, p := range l.After {
		paragraph(p)
	}
	b.WriteString("-- \nHLPFL\n" + l.Why + "\n") // the mark that readers know a signature by
	return b.String()
}
