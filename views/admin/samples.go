package admin

import (
	"time"

	"github.com/hlpfl/platform/views/ui"
)

// Samples are the screens in their states.
func Samples() []ui.Sample {
	now := time.Date(2026, 11, 23, 15, 47, 0, 0, time.UTC)
	log := Audit{User: "Mira Lindqvist", Now: now, Older: "/admin/audit?cursor=x", Actions: []ui.Choice{{Value: "", Label: "Anything", Chosen: true}, {Value: "user.signed_in", Label: "Signed in"}}, Lines: []AuditLine{
		{At: now, Action: "user.signed_in", Actor: "ines@inesokafor.example", About: "ines@inesokafor.example", Network: "203.0.113.0/24", Subject: "0190a5f2-8c3e-7b1a-9d4e-2f6a1c7b3e91", After: `{"device":"Safari on iPhone","methods":["password"]}`},
		{At: now.Add(-time.Hour), Action: "user.sign_in_failed", About: "hello@yorunominato.example", Network: "2001:db8:77::/48"},
		{At: now.Add(-26 * time.Hour), Action: "plan.granted", About: "press@averyveryverylongnameofalabel.example", Before: `"free"`, After: `"business"`},
	}}
	none := log
	none.Lines, none.Older, none.Email = nil, "", "nobody@example.com"
	samples := []ui.Sample{{Name: "audit", Component: AuditPage(log)}, {Name: "audit-none", Component: AuditPage(none)}}
	for i := range samples {
		samples[i].Page = true
	}
	return samples
}
