// Package config is the only reader of the environment: one typed Config, every
// mistake reported at once, secrets printed as ***.
package config

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Secret is a value that must not be printed. %v, %s and JSON give ***.
type Secret string

// String hides the value.
func (Secret) String() string { return "***" }

// GoString hides the value from %#v.
func (Secret) GoString() string { return "***" }

// MarshalText hides the value from JSON and logs.
func (Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }

// Key is a secret of 32 bytes; it prints as ***.
type Key []byte

// String hides the key.
func (Key) String() string { return "***" }

// GoString hides the key from %#v.
func (Key) GoString() string { return "***" }

// Format hides the key from every verb; %x would print the bytes otherwise.
func (Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("***")) }

// Config is everything the environment decides. See the README for the names.
type Config struct {
	Host        string // "" is all interfaces
	Port        int
	BaseURL     *url.URL
	DataDir     string
	SpoolDir    string
	DatabaseURL Secret // "" is local mode
	AdminURL    Secret // the owner, for migrations
	RedisURL    Secret
	SecretKeys  []Key // the first signs, all are accepted; empty in local mode until one is made
	BlobURL     string
	CDNURL      string // without a slash at the end
	SMTP        SMTP   // without a host, in local mode: the mailbox at /dev/mail
	MailFrom    mail.Address

	TrustedProxies []netip.Prefix
	CountryHeader  string
	GeoIPDB        string
	RateLimitScale float64
	MetricsAddr    string

	Google, Spotify OAuthClient // zero: not offered
	Apple           AppleClient // zero: not offered
}

// Local reports whether the program runs its own PostgreSQL and Redis.
func (c Config) Local() bool { return c.DatabaseURL == "" }

// Secure reports whether people reach us by https: cookies are then Secure and
// carry the __Host- prefix.
func (c Config) Secure() bool { return c.BaseURL.Scheme == "https" }

// Load reads the environment through getenv. The error names every mistake.
func Load(getenv func(string) string) (Config, error) {
	r := reader{getenv: getenv}
	c := Config{
		DataDir:        r.text("DATA_DIR", "./data"),
		DatabaseURL:    Secret(r.text("DATABASE_URL", "")),
		CountryHeader:  r.text("COUNTRY_HEADER", ""),
		GeoIPDB:        r.file("GEOIP_DB"),
		MetricsAddr:    r.text("METRICS_ADDR", "127.0.0.1:9090"),
		CDNURL:         strings.TrimRight(r.text("CDN_URL", ""), "/"),
		Port:           r.port("PORT", 8080),
		RateLimitScale: r.positive("RATE_LIMIT_SCALE", 1),
		TrustedProxies: r.prefixes("TRUSTED_PROXIES"),
	}
	c.Google, c.Spotify, c.Apple = r.oauth("GOOGLE"), r.oauth("SPOTIFY"), r.apple()
	if abs, err := filepath.Abs(c.DataDir); err == nil {
		c.DataDir = abs
	}
	local := c.Local()
	c.SpoolDir = r.text("SPOOL_DIR", filepath.Join(c.DataDir, "spool"))
	c.AdminURL = Secret(r.text("DATABASE_ADMIN_URL", string(c.DatabaseURL)))
	if local {
		c.Host = r.text("HOST", "127.0.0.1")
		c.BaseURL = r.base("BASE_URL", "http://localhost:"+strconv.Itoa(c.Port))
		c.BlobURL = r.text("BLOB_URL", "file://"+filepath.ToSlash(filepath.Join(c.DataDir, "blobs")))
		c.RedisURL = Secret(r.text("REDIS_URL", ""))
		c.SecretKeys = r.keys("SECRET_KEY")
	} else {
		r.postgres("DATABASE_URL", string(c.DatabaseURL))
		c.Host = r.text("HOST", "")
		c.BaseURL = r.base("BASE_URL", r.required("BASE_URL"))
		c.BlobURL = r.required("BLOB_URL")
		c.RedisURL = Secret(r.required("REDIS_URL"))
		r.required("SECRET_KEY")
		c.SecretKeys = r.keys("SECRET_KEY")
	}
	r.redis("REDIS_URL", string(c.RedisURL))
	r.blobs("BLOB_URL", c.BlobURL)
	c.SMTP = r.smtp("SMTP_URL", local)
	c.MailFrom = r.mailFrom("MAIL_FROM", local)
	if c.CDNURL != "" {
		if u, err := url.Parse(c.CDNURL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.RawQuery != "" {
			r.wrong("CDN_URL", "must be an address like https://cdn.example.com")
		}
	}
	return c, r.err()
}

// FromEnvironment is Load on the process's environment.
func FromEnvironment() (Config, error) { return Load(os.Getenv) }

// Origin is scheme and host of BASE_URL, without a slash at the end.
func (c Config) Origin() string { return c.BaseURL.Scheme + "://" + c.BaseURL.Host }

type reader struct {
	getenv func(string) string
	wrongs []string
}

func (r *reader) wrong(name, what string) {
	for _, w := range r.wrongs {
		if strings.HasPrefix(w, name+" ") {
			return // the first thing wrong with it is enough
		}
	}
	r.wrongs = append(r.wrongs, name+" "+what)
}

func (r *reader) err() error {
	if len(r.wrongs) == 0 {
		return nil
	}
	return errors.New("the environment needs mending: " + strings.Join(r.wrongs, "; "))
}

func (r *reader) text(name, otherwise string) string {
	if v := strings.TrimSpace(r.getenv(name)); v != "" {
		return v
	}
	return otherwise
}

func (r *reader) required(name string) string {
	v := r.text(name, "")
	if v == "" {
		r.wrong(name, "is required once DATABASE_URL is set")
	}
	return v
}

func (r *reader) port(name string, otherwise int) int {
	v := r.text(name, "")
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 65535 {
		r.wrong(name, "must be a number from 1 to 65535")
	}
	return n
}

func (r *reader) positive(name string, otherwise float64) float64 {
	v := r.text(name, "")
	if v == "" {
		return otherwise
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || !(n > 0) || n > 1e9 {
		r.wrong(name, "must be a number above 0")
		return otherwise
	}
	return n
}

func (r *reader) base(name, value string) *url.URL {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		r.wrong(name, "must be an address like https://hlpfl.example, without a path")
		return &url.URL{Scheme: "http", Host: "localhost"}
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}
}

func (r *reader) postgres(name, value string) {
	u, err := url.Parse(value)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		r.wrong(name, "must look like postgres://user:password@host:5432/database")
	}
}

func (r *reader) redis(name, value string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	if err != nil || (u.Scheme != "redis" && u.Scheme != "rediss" && u.Scheme != "unix") {
		r.wrong(name, "must look like redis://host:6379/0")
	}
}

// blobs is a folder, or a bucket of an S3 server.
func (r *reader) blobs(name, value string) {
	if value == "" || strings.HasPrefix(value, "file:///") {
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.Query().Get("region") == "" {
		r.wrong(name, "must be a folder like file:///var/lib/hlpfl/blobs, or a bucket like s3://bucket?region=eu-central-1, with &endpoint=https://… for a server other than Amazon's")
	}
}

func (r *reader) file(name string) string {
	v := r.text(name, "")
	if v == "" {
		return ""
	}
	if info, err := os.Stat(v); err != nil || info.IsDir() {
		r.wrong(name, "names a file that cannot be read: "+v)
	}
	return v
}

func (r *reader) prefixes(name string) []netip.Prefix {
	var out []netip.Prefix
	for _, part := range strings.FieldsFunc(r.text(name, ""), func(c rune) bool { return c == ',' || c == ' ' }) {
		p, err := netip.ParsePrefix(part)
		if err != nil {
			a, aerr := netip.ParseAddr(part)
			if aerr != nil {
				r.wrong(name, fmt.Sprintf("has %q, which is no network like 10.0.0.0/8", part))
				continue
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p.Masked())
	}
	return out
}

func (r *reader) keys(name string) []Key {
	var out []Key
	for _, part := range strings.Split(r.text(name, ""), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		key, err := ParseKey(part)
		if err != nil {
			r.wrong(name, "must be 32 bytes in hex or base64, several divided by commas (make one: openssl rand -hex 32)")
			return nil
		}
		out = append(out, key)
	}
	return out
}

// ParseKey reads 32 bytes written in hex or base64.
func ParseKey(text string) (Key, error) {
	if key, err := hex.DecodeString(text); err == nil && len(key) == 32 {
		return key, nil
	}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if key, err := enc.DecodeString(text); err == nil && len(key) == 32 {
			return key, nil
		}
	}
	return nil, errors.New("not 32 bytes in hex or base64")
}
