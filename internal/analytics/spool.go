package analytics

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"
)

// A segment of the spool is a file of packs, each as its length and its CRC-32C
// (four bytes each, little endian) and then its bytes. Whoever writes or replays
// a segment holds its flock; the lock goes with the process, so what a killed
// process left is free for any other.
const (
	spoolMagic  = "hlpflsp1"
	spoolSuffix = ".seg"
	maxSegment  = 16 << 20 // a segment beyond that is closed, so that replaying can begin
	maxRecord   = 1 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Spool is where packs wait when PostgreSQL is away: files in a folder that a
// restart finds again. It is safe for use by many goroutines and processes.
type Spool struct {
	dir string
	log *slog.Logger

	mu      sync.Mutex
	segment *os.File // held by us; nil until something is written
	size    int64

	// sync makes written data durable; a test may make it fail.
	sync func(*os.File) error
}

// OpenSpool makes the folder when it is missing and tries that it can be written.
func OpenSpool(dir string, log *slog.Logger) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("SPOOL_DIR: %w: choose a folder that can be written", err)
	}
	trial, err := os.CreateTemp(dir, ".trial-*")
	if err != nil {
		return nil, fmt.Errorf("SPOOL_DIR: %w: choose a folder that can be written", err)
	}
	_ = trial.Close()
	if err := os.Remove(trial.Name()); err != nil {
		return nil, fmt.Errorf("SPOOL_DIR: %w", err)
	}
	return &Spool{dir: dir, log: log, sync: fdatasync}, nil
}

func fdatasync(f *os.File) error {
	for {
		if err := unix.Fdatasync(int(f.Fd())); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// Append writes packs and makes them durable with one sync. After an error they
// may be there or not.
func (s *Spool) Append(packs ...[]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.segment == nil {
		if err := s.begin(); err != nil {
			return err
		}
	}
	var records []byte
	for _, p := range packs {
		records = binary.LittleEndian.AppendUint32(records, uint32(len(p)))
		records = binary.LittleEndian.AppendUint32(records, crc32.Checksum(p, castagnoli))
		records = append(records, p...)
	}
	if _, err := s.segment.Write(records); err != nil {
		s.abandon()
		return err
	}
	if err := s.sync(s.segment); err != nil {
		// What the system could not write it may take for written afterwards: nothing
		// more goes into this file.
		s.abandon()
		return err
	}
	if s.size += int64(len(records)); s.size >= maxSegment {
		s.abandon()
	}
	return nil
}

// begin starts a segment, with s.mu held.
func (s *Spool) begin() error {
	name := filepath.Join(s.dir, uuid.Must(uuid.NewV7()).String()+spoolSuffix)
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		// Somebody who replays was quicker; the next try gets another name.
		_ = f.Close()
		return err
	}
	if _, err = f.WriteString(spoolMagic); err == nil {
		err = syncFolder(s.dir) // the name itself has to survive
	}
	if err != nil {
		_ = f.Close()
		return err
	}
	s.segment, s.size = f, int64(len(spoolMagic))
	return nil
}

// abandon lets go of the segment, with s.mu held: it is free to be replayed.
func (s *Spool) abandon() {
	if s.segment != nil {
		_ = s.segment.Close()
		s.segment = nil
	}
}

// Release lets go of the segment, so that it can be replayed.
func (s *Spool) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.abandon()
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
