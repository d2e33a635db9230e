package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/state"
)

// User is somebody of the team.
type User struct {
	ID         int64      `json:"id"`
	Email      string     `json:"email"`
	Name       string     `json:"name"`
	Role       Role       `json:"role"         enum:"owner,operator,analyst,service"`
	Disabled   bool       `json:"disabled"`
	CreatedAt  time.Time  `json:"created_at"`
	LastSeenAt *time.Time `json:"last_seen_at"`

	password string
}

func (u User) actor() Actor {
	return Actor{ID: u.ID, Kind: actor.User, Name: u.Name, Email: u.Email, Role: u.Role}
}

// foldEmail is the one form of an e-mail address that we store and look up.
func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func checkEmail(c *fault.Check, field, email string) {
	a, err := mail.ParseAddress(email)
	c.That(err == nil && a.Address == email && len(email) <= 254, field, "give an e-mail address, e.g. mei@example.com")
}

func checkName(c *fault.Check, field, name string) {
	c.That(strings.TrimSpace(name) != "" && len(name) <= 200, field, "give a name of at most 200 bytes")
}

func checkRole(c *fault.Check, field string, r Role) {
	c.That(r.Valid(), field, "take one of %v", actor.Roles())
}

// CreateUserInput is a new member of the team.
type CreateUserInput struct {
	Email, Name, Password string
	Role                  Role
	IdempotencyKey        string
}

// Validate says what is wrong with the input.
func (in CreateUserInput) Validate() error {
	var c fault.Check
	checkEmail(&c, "body.email", foldEmail(in.Email))
	checkName(&c, "body.name", in.Name)
	checkRole(&c, "body.role", in.Role)
	checkPassword(&c, "body.password", in.Password, in.Email)
	return c.Err("auth.user_invalid", "the user cannot be saved; see errors")
}

// CreateUser adds a member to the team. An e-mail address that is taken is a Conflict "auth.email_taken".
func (s *Service) CreateUser(ctx context.Context, in CreateUserInput) (User, error) {
	if err := in.Validate(); err != nil {
		return User{}, err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	var u User
	asked := []string{in.Email, in.Name, string(in.Role)} // not the password: its hash differs each time
	err = s.db.InTx(ctx, func(tx *state.Tx) error {
		u, err = once.Do(ctx, tx, "create-user", in.IdempotencyKey, asked, func() (User, error) {
			return s.insertUser(ctx, tx, in, hash)
		})
		return err
	})
	return u, err
}

func (s *Service) insertUser(ctx context.Context, tx *state.Tx, in CreateUserInput, hash string) (User, error) {
	u := User{Email: foldEmail(in.Email), Name: strings.TrimSpace(in.Name), Role: in.Role, CreatedAt: tx.Now, password: hash}
	var err error
	u.ID, err = tx.Insert(ctx, `INSERT INTO auth_user (email, name, role, password, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (email) DO NOTHING`, u.Email, u.Name, string(u.Role), hash, state.Micros(tx.Now))
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, fault.New(fault.Conflict, "auth.email_taken", "%s is in the team already; change that user instead", u.Email)
	}
	if err != nil {
		return User{}, err
	}
	return u, s.audit.Record(ctx, tx, "user.create", u.Email, map[string]any{"name": u.Name, "role": u.Role})
}

// UpdateUserInput says what changes; nil stays.
type UpdateUserInput struct {
	ID       int64
	Name     *string
	Role     *Role
	Disabled *bool
	Password *string
}

// Validate says what is wrong with the input.
func (in UpdateUserInput) Validate() error {
	var c fault.Check
	if in.Name != nil {
		checkName(&c, "body.name", *in.Name)
	}
	if in.Role != nil {
		checkRole(&c, "body.role", *in.Role)
	}
	if in.Password != nil {
		checkPassword(&c, "body.password", *in.Password, "")
	}
	return c.Err("auth.user_invalid", "the user cannot be saved; see errors")
}

// UpdateUser changes a member of the team. A new password and disabling end all of the user's sessions. The last owner who can sign in can be
// neither demoted nor disabled: Conflict "auth.last_owner".
func (s *Service) UpdateUser(ctx context.Context, in UpdateUserInput) (User, error) {
	if err := in.Validate(); err != nil {
		return User{}, err
	}
	hash := ""
	if in.Password != nil {
		var err error
		if hash, err = s.hasher.hash(ctx, *in.Password); err != nil {
			return User{}, err
		}
	}
	var u User
	err := s.db.InTx(ctx, func(tx *state.Tx) error {
		// Takes the owners' rows, so that two owners who demote each other at the same moment do so one after the other.
		if _, err := tx.Exec(ctx, "UPDATE auth_user SET role = role WHERE role = ?", string(actor.Owner)); err != nil {
			return err
		}
		var err error
		if u, err = getUser(ctx, tx, in.ID); err != nil {
			return err
		}
		changed, ends := in.apply(&u)
		if hash != "" {
			u.password, ends = hash, true
			changed["password"] = "new"
		}
		if len(changed) == 0 {
			return nil
		}
		if _, err := tx.Exec(ctx, "UPDATE auth_user SET name = ?, role = ?, disabled = ?, password = ? WHERE id = ?",
			u.Name, string(u.Role), u.Disabled, u.password, u.ID); err != nil {
			return err
		}
		if err := keepAnOwner(ctx, tx); err != nil {
			return err
		}
		if ends {
			if _, err := tx.Exec(ctx, "DELETE FROM auth_session WHERE user_id = ?", u.ID); err != nil {
				return err
			}
		}
		return s.audit.Record(ctx, tx, "user.change", u.Email, changed)
	})
	return u, err
}

// apply changes u and tells what changed, and whether the user's sessions must end.
func (in UpdateUserInput) apply(u *User) (changed map[string]any, ends bool) {
	changed = map[string]any{}
	if in.Name != nil && strings.TrimSpace(*in.Name) != u.Name {
		u.Name = strings.TrimSpace(*in.Name)
		changed["name"] = u.Name
	}
	if in.Role != nil && *in.Role != u.Role {
		changed["role"] = fmt.Sprintf("%s → %s", u.Role, *in.Role)
		u.Role = *in.Role
	}
	if in.Disabled != nil && *in.Disabled != u.Disabled {
		u.Disabled, ends = *in.Disabled, *in.Disabled
		changed["disabled"] = u.Disabled
	}
	return changed, ends
}

func keepAnOwner(ctx context.Context, tx *state.Tx) error {
	var owners int
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM auth_user WHERE role = ? AND NOT disabled", string(actor.Owner)).Scan(&owners); err != nil {
		return err
	}
	if owners == 0 {
		return fault.New(fault.Conflict, "auth.last_owner", "this is the last owner who can sign in; make somebody else an owner first")
	}
	return nil
}

const userColumns = "id, email, name, role, password, disabled, created_at, last_seen_at"

func scanUser(row interface{ Scan(...any) error }) (User, error) {
	var u User
	var created, seenAt int64
	err := row.Scan(&u.ID, &u.Email, &u.Name, &u.Role, &u.password, &u.Disabled, &created, &seenAt)
	u.CreatedAt, u.LastSeenAt = state.Time(created), state.TimePtr(seenAt)
	return u, err
}

func getUser(ctx context.Context, q state.Querier, id int64) (User, error) {
	u, err := scanUser(q.QueryRow(ctx, "SELECT "+userColumns+" FROM auth_user WHERE id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, fault.New(fault.NotFound, "auth.user_not_found", "there is no user %d", id)
	}
	return u, err
}

func findUser(ctx context.Context, q state.Querier, email string) (User, bool, error) {
	u, err := scanUser(q.QueryRow(ctx, "SELECT "+userColumns+" FROM auth_user WHERE email = ?", email))
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, false, nil
	}
	return u, err == nil, err
}

// Users lists the whole team, the disabled too, in the order of their coming.
func (s *Service) Users(ctx context.Context) ([]User, error) {
	rows, err := s.db.Query(ctx, "SELECT "+userColumns+" FROM auth_user ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	var users []User
	for rows.Next() {
		u, err := scanUser(rows)
		if err != nil {
			return nil, err
		}
		if last := s.seen.last(seenUser, u.ID); !last.IsZero() {
			u.LastSeenAt = &last
		}
		users = append(users, u)
	}
	return users, rows.Err()
}
