package analytics

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"time"

	"golang.org/x/sys/unix"

	"github.com/hlpfl/platform/store"
)

// Replay hands every pack of every segment that nobody holds to add, oldest
// first, and removes a segment when all of it was taken. It stops at add's first
// error; the segment then stays whole and is replayed again, which the events'
// ids make harmless. It gives the number of packs handed over.
func (s *Spool) Replay(add func(packs ...[]byte) error) (packs int, err error) {
	names, err := filepath.Glob(filepath.Join(s.dir, "*"+spoolSuffix))
	if err != nil {
		return 0, err
	}
	sort.Strings(names) // by the time they were begun
	for _, name := range names {
		n, err := s.replaySegment(name, add)
		packs += n
		if err != nil {
			return packs, err
		}
	}
	return packs, nil
}

func (s *Spool) replaySegment(name string, add func(packs ...[]byte) error) (int, error) {
	f, err := hold(name)
	if f == nil {
		return 0, err
	}
	defer f.Close()
	// A segment is not much larger than maxSegment; a single read keeps this simple.
	data, err := io.ReadAll(f)
	if err != nil {
		return 0, err
	}
	packs, rest := readSegment(data)
	for _, batch := range joinPacks(packs) {
		if err := add(batch...); err != nil {
			return 0, err
		}
	}
	// A record that a crash cut short was never answered. Anything else that cannot
	// be read is damage: kept for a person to look at.
	if len(rest) > 0 && damaged(rest) {
		s.log.Error("a spool segment is damaged; what could be read is replayed, the file is kept",
			"file", name+".damaged", "packs", len(packs), "unread_bytes", len(rest))
		return len(packs), os.Rename(name, name+".damaged")
	}
	if err := os.Remove(name); err != nil {
		return 0, err
	}
	return len(packs), nil
}

// hold opens a segment and takes its lock. It gives nil when somebody else holds
// it or has just finished it.
func hold(name string) (*os.File, error) {
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, nil
		}
		return nil, err
	}
	// The lock is on the file, the name may be gone: whoever held it before us may
	// have replayed and removed it.
	ours, err1 := f.Stat()
	named, err2 := os.Stat(name)
	if err1 != nil || err2 != nil || !os.SameFile(ours, named) {
		return nil, f.Close()
	}
	return f, nil
}

// readSegment gives the packs up to the first record that is not whole, and what
// follows from there.
func readSegment(data []byte) (packs [][]byte, rest []byte) {
	data, ok := bytes.CutPrefix(data, []byte(spoolMagic))
	if !ok {
		return nil, data
	}
	for len(data) >= 8 {
		n := binary.LittleEndian.Uint32(data)
		if n == 0 || n > maxRecord || int(n) > len(data)-8 {
			break
		}
		pack := data[8 : 8+n]
		if crc32.Checksum(pack, castagnoli) != binary.LittleEndian.Uint32(data[4:]) {
			break
		}
		packs = append(packs, pack)
		data = data[8+n:]
	}
	return packs, data
}

// damaged tells what a crash leaves behind (a record cut short, or zeros where
// nothing was written yet) from bytes that were whole once.
func damaged(rest []byte) bool {
	if len(bytes.Trim(rest, "\x00")) == 0 || bytes.HasPrefix([]byte(spoolMagic), rest) {
		return false
	}
	if len(rest) < 8 {
		return false
	}
	n := binary.LittleEndian.Uint32(rest)
	return n == 0 || n > maxRecord || int(n) <= len(rest)-8
}

// joinPacks joins small packs into rows of a good size, and rows into batches for
// one statement each.
func joinPacks(packs [][]byte) (batches [][][]byte) {
	const rowsAtOnce = 16
	var rows [][]byte
	var row []byte
	for _, p := range packs {
		joins := len(row) > 0 && len(p) > 1 && p[0] == packVersion && row[0] == packVersion && len(row)+len(p)-1 <= store.MaxBatch
		if joins {
			row = append(row, p[1:]...)
			continue
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
		row = bytes.Clone(p)
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	for len(rows) > 0 {
		n := min(rowsAtOnce, len(rows))
		batches = append(batches, rows[:n])
		rows = rows[n:]
	}
	return batches
}

// KeepReplaying replays what waits in a spool until ctx ends, for processes that
// record nothing themselves: a worker that shares SPOOL_DIR with a web process
// sends on what a killed one left.
func KeepReplaying(ctx context.Context, s *store.Store, dir string, log *slog.Logger) error {
	spool, err := OpenSpool(dir, log)
	if err != nil {
		return err
	}
	inbox, err := s.Inbox(silentFor)
	if err != nil {
		return err
	}
	defer inbox.Close()
	ticker := time.NewTicker(replayEvery)
	defer ticker.Stop()
	for told := ""; ; {
		n, err := spool.Replay(func(packs ...[]byte) error { return inbox.Add(ctx, packs...) })
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			told = ""
		case err.Error() != told:
			told = err.Error() // once, not every second
			log.Warn("replaying the spool did not end; trying again", "err", err)
		}
		if n > 0 {
			log.Info("events from the spool are in the inbox", "packs", n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
