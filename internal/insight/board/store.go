package board

import (
	"context"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

const deliveryColumns = "id, cause, author, due_at, state, attempts, error, began_at, ended_at"

func scanDelivery(row interface{ Scan(...any) error }) (Delivery, error) {
	d := Delivery{Recipients: []Recipient{}}
	var dueAt, began, ended int64
	err := row.Scan(&d.ID, &d.Cause, &d.Author, &dueAt, &d.State, &d.Attempts, &d.Error, &began, &ended)
	d.DueAt, d.BeganAt, d.EndedAt = state.Time(dueAt), state.Time(began), state.TimePtr(ended)
	return d, err
}

func (s *Service) delivery(ctx context.Context, id int64) (Delivery, error) {
	d, err := scanDelivery(s.o.State.QueryRow(ctx, "SELECT "+deliveryColumns+" FROM board_delivery WHERE id = ?", id))
	if err != nil {
		return d, err
	}
	one := []Delivery{d}
	err = s.recipients(ctx, one)
	return one[0], err
}

// reportOf finds the report of a delivery.
func (s *Service) reportOf(ctx context.Context, delivery int64) (string, shelf.Item[ReportSpec], error) {
	var key string
	if err := s.o.State.QueryRow(ctx, "SELECT report FROM board_delivery WHERE id = ?", delivery).Scan(&key); err != nil {
		return "", shelf.Item[ReportSpec]{}, err
	}
	i, err := s.activeReport(key)
	return key, i, err
}

// Deliveries lists when a report was sent, the newest first.
func (s *Service) Deliveries(ctx context.Context, report string, limit int) ([]Delivery, error) {
	if _, err := s.reports.Get(report); err != nil {
		return nil, err
	}
	all, err := func() ([]Delivery, error) {
		rows, err := s.o.State.Query(ctx, "SELECT "+deliveryColumns+" FROM board_delivery WHERE report = ? ORDER BY id DESC LIMIT ?", report, limit)
		if err != nil {
			return nil, err
		}
		defer rows.Close() //nolint:errcheck // reading
		var all []Delivery
		for rows.Next() {
			d, err := scanDelivery(rows)
			if err != nil {
				return nil, err
			}
			all = append(all, d)
		}
		return all, rows.Err()
	}()
	if err != nil {
		return nil, err
	}
	return all, s.recipients(ctx, all)
}

// recipients fills in whom deliveries, the newest first, were sent to.
func (s *Service) recipients(ctx context.Context, all []Delivery) error {
	if len(all) == 0 {
		return nil
	}
	at := map[int64]int{}
	for n, d := range all {
		at[d.ID] = n
	}
	rows, err := s.o.State.Query(ctx, `SELECT t.delivery, t.recipient, t.state, t.error, t.at FROM board_delivery_to t JOIN board_delivery d ON d.id = t.delivery
		WHERE t.delivery BETWEEN ? AND ? AND d.report = (SELECT report FROM board_delivery WHERE id = ?) ORDER BY t.delivery, t.recipient`,
		all[len(all)-1].ID, all[0].ID, all[0].ID)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		var delivery, when int64
		var r Recipient
		if err := rows.Scan(&delivery, &r.Address, &r.State, &r.Error, &when); err != nil {
			return err
		}
		r.At = state.TimePtr(when)
		if n, ok := at[delivery]; ok {
			all[n].Recipients = append(all[n].Recipients, r)
		}
	}
	return rows.Err()
}
