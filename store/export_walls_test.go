package store

import "github.com/jmoiron/sqlx"

// Doors are the pools behind the doors, by their roles.
func (s *Store) Doors() map[string]*sqlx.DB {
	return map[string]*sqlx.DB{"hlpfl_app": s.app, "hlpfl_public": s.public, "hlpfl_system": s.system}
}
