package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

func factorSamples(app ui.App) []ui.Sample {
	whole := Factors{
		App: app, Email: sampleEmail, Now: sampleNow, Offered: true, AppSince: sampleNow.AddDate(0, -2, 0), RecoveryLeft: 2, RecoveryAll: 10,
		Passkeys: []Passkey{
			{ID: model.PasskeyID(sampleSession), Name: "Safari on iPhone", Since: sampleNow.AddDate(0, -1, 0), Used: sampleNow.Add(-3 * time.Hour), BackedUp: true},
		},
	}
	bare := Factors{App: app, Email: sampleEmail, Now: sampleNow, Offered: true, Needed: true, RecoveryAll: 10}
	phone := AppForm{App: app, Email: sampleEmail, Secret: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", URL: "otpauth://totp/HLPFL:ines@inesokafor.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=HLPFL&algorithm=SHA1&digits=6&period=30"}
	wrong := phone
	wrong.Errors = ui.Errors{"code": "This is not the code that the app shows now. Wait for the next one; the phone’s clock must be right."}
	codes := Recovery{App: app, Email: sampleEmail, First: true}
	for range 10 {
		codes.Codes = append(codes.Codes, "k7m3p-9qx2d-hvb4n-ea8rw-t5yzc")
	}
	confirm := Confirm{App: app, Email: sampleEmail, Next: "/dashboard/account/factors", Code: true, Passkey: true, Recovery: true}
	return []ui.Sample{
		{Name: "factors", Component: FactorsPage(whole)}, {Name: "factors-none", Component: FactorsPage(bare)},
		{Name: "factors-app", Component: AppPage(phone)}, {Name: "factors-app-wrong", Component: AppPage(wrong)},
		{Name: "factors-passkey", Component: PasskeyPage(PasskeyForm{App: app, Email: sampleEmail, Offered: true})},
		{Name: "factors-codes", Component: RecoveryPage(codes)},
		{Name: "confirm", Component: ConfirmPage(confirm)}, {Name: "confirm-password", Component: ConfirmPage(Confirm{App: app, Email: sampleEmail, Password: true})},
		{Name: "confirm-none", Component: ConfirmPage(Confirm{App: app, Email: sampleEmail})},
	}
}
