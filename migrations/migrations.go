// Package migrations embeds the schema, forward only: each file is applied once,
// under a lock, by whichever replica comes first (store.Migrate).
package migrations

import "embed"

// Files are the migrations, in the order of their names.
//
//go:embed *.sql
var Files embed.FS
