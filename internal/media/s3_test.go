package media

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/hlpfl/platform/internal/local"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

const accessKey, secretKey, region = "pictures", "only for a server on loopback", "eu-central-1"

// bucket starts a real S3 server on loopback, which checks signatures, and makes a
// bucket. It gives the address for BLOB_URL.
func bucket(t *testing.T) string {
	t.Helper()
	server := filepath.Join(t.TempDir(), "versitygw")
	build := exec.Command("go", "build", "-o", server, "github.com/versity/versitygw/cmd/versitygw")
	build.Dir = filepath.Join("..", "..", "tools", "versitygw")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the S3 server: %v\n%s", err, out)
	}
	port, err := local.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	address := "127.0.0.1:" + port
	folder := t.TempDir()
	data, notes := filepath.Join(folder, "data"), filepath.Join(folder, "notes")
	for _, f := range []string{data, notes} {
		if err := os.Mkdir(f, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	run := exec.Command(server, "--port", address, "--region", region, "--quiet", "posix", "--sidecar", notes, data)
	run.Env = append(os.Environ(), "ROOT_ACCESS_KEY_ID="+accessKey, "ROOT_SECRET_ACCESS_KEY="+secretKey)
	run.Stdout, run.Stderr = &log, &log
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = run.Process.Kill()
		_ = run.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	endpoint := "http://" + address
	client := s3.New(s3.Options{Region: region, BaseEndpoint: aws.String(endpoint), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(accessKey, secretKey, "")})
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		_, err := client.CreateBucket(context.Background(), &s3.CreateBucketInput{Bucket: aws.String("pictures")})
		if err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("making a bucket: %v", err)
		}
	}
	return fmt.Sprintf("s3://pictures?region=%s&endpoint=%s", region, url.QueryEscape(endpoint))
}

func TestPicturesInABucket(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	address := bucket(t)
	s, err := Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db, err := store.Open(store.Options{DatabaseURL: testenv.Database(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p := made(t, 600, 750)
	file := model.MediaFile(p.Name, 480)
	if _, err := s.Open(t.Context(), file); model.KindOf(err) != model.KindNotFound {
		t.Errorf("before it is stored: %v", err)
	}
	for range 2 {
		if err := s.Put(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	r.Close()
	if err != nil || !bytes.Equal(got, p.files[file]) {
		t.Errorf("%d bytes, %v; want %d", len(got), err, len(p.files[file]))
	}
	// Files without a row are found by their age, adopted and swept.
	var found []string
	if err := s.each(t.Context(), time.Now().Add(time.Hour), func(names []string) error { found = append(found, names...); return nil }); err != nil || len(found) == 0 || found[0] != p.Name {
		t.Errorf("found %v, %v", found, err)
	}
	err = db.System(t.Context(), func(tx *store.SystemTx) error { _, err := tx.AdoptMedia(t.Context(), found); return err })
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.SweepFiles(t.Context(), db); err != nil || n != 1 {
		t.Errorf("%d swept, %v", n, err)
	}
	if _, err := s.Open(t.Context(), file); model.KindOf(err) != model.KindNotFound {
		t.Errorf("after it was swept: %v", err)
	}

	t.Setenv("AWS_SECRET_ACCESS_KEY", "another")
	stranger, err := Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	if err := stranger.Put(t.Context(), p); model.KindOf(err) != model.KindUnavailable || err == nil {
		t.Errorf("with a wrong secret: %v", err)
	}
}
