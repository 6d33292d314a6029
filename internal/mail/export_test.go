package mail

import (
	"crypto/x509"
	"time"
)

// Through makes the post believe who these say they are, and wait no longer than that.
func (p *Post) Through(roots *x509.CertPool, wait time.Duration) {
	s := p.carrier.(server)
	s.roots, s.patience = roots, wait
	p.carrier = s
}
