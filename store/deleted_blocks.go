package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// DeletedBlock is a block that was taken out and can be put back.
type DeletedBlock struct {
	Block     model.Block
	DeletedAt time.Time
}

// keepDeleted keeps the blocks that an edit took out of a document, and forgets
// those that it brought back.
func (tx *UserTx) keepDeleted(ctx context.Context, id model.ProfileID, before, after model.Document) error {
	for _, b := range before.Blocks {
		if _, stays := after.Block(b.ID); stays || b.ID == "" {
			continue
		}
		d := model.NewDocument()
		d.Blocks = []model.Block{b}
		raw, err := d.Stored()
		if err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, `
			insert into deleted_blocks (profile_id, block_id, data)
			values ($1, $2, $3)
			on conflict (profile_id, block_id) do update
			set data = excluded.data, deleted_at = now()`, id, string(b.ID), string(raw)); err != nil {
			return err
		}
	}
	return tx.forgetDeleted(ctx, id, before, after)
}

// forgetDeleted forgets the blocks that an edit brought back.
func (tx *UserTx) forgetDeleted(ctx context.Context, id model.ProfileID, before, after model.Document) error {
	var back []string
	for _, b := range after.Blocks {
		if _, was := before.Block(b.ID); !was {
			back = append(back, string(b.ID))
		}
	}
	if len(back) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		delete from deleted_blocks
		where profile_id = $1
		  and block_id = any ($2)`, id, pq.Array(back))
	return err
}

// DeletedBlocks lists the blocks of a profile that were taken out within
// model.RestorableFor and are not back, the last deleted first, at most limit.
func (tx *UserTx) DeletedBlocks(ctx context.Context, id model.ProfileID, limit int) ([]DeletedBlock, error) {
	var rows []struct {
		Data      []byte    `db:"data"`
		DeletedAt time.Time `db:"deleted_at"`
	}
	err := tx.SelectContext(ctx, &rows, `
		select b.data, b.deleted_at
		from deleted_blocks b
		join profiles p on p.id = b.profile_id
		where b.profile_id = $1
		  and `+sees+`
		  and b.deleted_at > now() - make_interval(secs => $3)
		order by b.deleted_at desc, b.block_id
		limit $4`, id, tx.UserID, model.RestorableFor.Seconds(), limit)
	if err != nil {
		return nil, err
	}
	var list []DeletedBlock
	for _, row := range rows {
		d, err := readDocument(id, row.Data)
		if err != nil {
			return nil, err
		}
		for _, b := range d.Blocks {
			list = append(list, DeletedBlock{b, row.DeletedAt})
		}
	}
	return list, nil
}

// DeletedBlock finds one of DeletedBlocks; NotFound when it is not among them.
func (tx *UserTx) DeletedBlock(ctx context.Context, id model.ProfileID, block model.BlockID) (model.Block, error) {
	var raw []byte
	err := tx.GetContext(ctx, &raw, `
		select b.data
		from deleted_blocks b
		join profiles p on p.id = b.profile_id
		where b.profile_id = $1
		  and `+sees+`
		  and b.block_id = $3
		  and b.deleted_at > now() - make_interval(secs => $4)`, id, tx.UserID, string(block), model.RestorableFor.Seconds())
	if err != nil {
		return model.Block{}, err
	}
	d, err := readDocument(id, raw)
	if err != nil {
		return model.Block{}, err
	}
	b, ok := d.Block(block)
	if !ok {
		return b, model.NotFound()
	}
	return b, nil
}

// SweepDeletedBlocksOfAnyUser deletes for ever what can no longer be put back. It
// gives how many there were.
func (tx *SystemTx) SweepDeletedBlocksOfAnyUser(ctx context.Context) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		delete from deleted_blocks
		where deleted_at < now() - make_interval(secs => $1)`, model.RestorableFor.Seconds())
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}
