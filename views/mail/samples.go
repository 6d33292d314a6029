package mail

import "github.com/hlpfl/platform/views/ui"

// Samples are a mail of every kind, for /dev/views. All people are invented.
func Samples() []ui.Sample {
	var samples []ui.Sample
	for _, kind := range Kinds() {
		letter, err := Write(kind, SampleFacts())
		if err != nil {
			panic(err) // each of them is written above
		}
		samples = append(samples, ui.Sample{Name: kind, Page: true, Component: letter.HTML()})
	}
	return samples
}

// SampleFacts are facts for a mail of any kind.
func SampleFacts() Facts {
	return Facts{
		Origin: "https://hlpfl.example", Name: "Ines", To: "ines@inesokafor.example",
		Link: "https://hlpfl.example/link/sign-in?token=mB3cM0v6Yq1l2wYd0Zk7uJp9sTq4hQxR5nE8aLf2GtA",
		Data: map[string]string{
			"way": "with a link we sent you, from Safari on iPhone", "old": "ines@oldmail.example", "new": "ines@newmail.example", "other": "ines@newmail.example", "provider": "Google", "who": "ines@inesokafor.example",
			"hour": "214", "usual": "3.1", "networks": "198.51.100.0/24, 2001:db8:77::/48",
			"days": "7", "day": "8 December 2026",
			"what": "The passkey “Safari on iPhone” was added.", "left": "9 codes are left",
			"by": "mira@harbourlabel.example", "handle": "inesokafor", "role": "editor", "profile": "0190a5f2-8c3e-7b1a-9d4e-2f6a1c7b3e91",
		},
	}
}
