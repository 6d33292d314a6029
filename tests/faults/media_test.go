package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/tests/program"
)

// send asks the API, as a program does.
func (h *house) send(path, kind, token string, body []byte, into any) (status int, err error) {
	r, err := http.NewRequest(http.MethodPost, h.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", kind)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	return res.StatusCode, json.NewDecoder(res.Body).Decode(into)
}

// shot is a photograph like no other.
func shot(t *testing.T, n int) (body []byte, kind string) {
	t.Helper()
	p := image.NewGray(image.Rect(0, 0, 500+n, 40))
	p.SetGray(n%40, n%40, color.Gray{255})
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "x.jpg")
	if err == nil {
		err = jpeg.Encode(part, p, nil)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

// The web process is killed while pictures come in. What was answered with 201 is
// there, with all its files, and no row points at a missing one.
func TestKillWhilePicturesComeIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testenv.Database(t), testenv.Redis(t))
	var entered struct {
		Token string `json:"access_token"`
	}
	account := fmt.Sprintf(`{"email":"uploads@example.com","password":%q,"name":"Uploads"}`, program.Password)
	if status, err := h.send("/api/auth/register", "application/json", "", []byte(account), &entered); err != nil || status != http.StatusCreated {
		t.Fatal(status, err)
	}
	h.db.MustExec(`update users set subscription_tier = 'enterprise' where email = 'uploads@example.com'`)
	var profile struct {
		ID string `json:"id"`
	}
	if status, err := h.send("/api/profiles", "application/json", entered.Token, []byte(`{"handle":"manyshots","profile_name":"Many Shots"}`), &profile); err != nil || status != http.StatusCreated {
		t.Fatal(status, err)
	}
	var mu sync.Mutex
	var answered []string
	var sent atomic.Int64
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				body, kind := shot(t, int(sent.Add(1)))
				var made struct {
					ID string `json:"id"`
				}
				status, err := h.send("/api/profiles/"+profile.ID+"/media", kind, entered.Token, body, &made)
				if err == nil && status == http.StatusCreated {
					mu.Lock()
					answered = append(answered, made.ID)
					mu.Unlock()
				}
			}
		})
	}
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(answered) }
	for range size(2, 10) {
		before := count()
		h.await("pictures come in", func() bool { return count() >= before+3 })
		h.web.kill()
		h.startWeb()
		h.ready()
	}
	close(stop)
	all.Wait()
	for _, id := range answered {
		var n int
		if err := h.db.Get(&n, `select count(*) from media where profile_id = $1 and name = $2`, profile.ID, id); err != nil || n != 1 {
			t.Errorf("%s was answered and has %d rows (%v)", id, n, err)
		}
	}
	file, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(file, "fsck")
	c.Env = h.env
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), " 0 missing files, 0 orphans") {
		t.Errorf("%v: %s", err, out)
	}
	t.Logf("%d sent, %d answered; %s", sent.Load(), len(answered), strings.TrimSpace(string(out)))
}
