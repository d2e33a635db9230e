-- One row from the moment of the first set-up; its primary key is what lets only one of two set-ups win.
CREATE TABLE auth_setup (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL
);
CREATE TABLE auth_user (
  id IDKEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  password TEXT NOT NULL,
  disabled BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE auth_session (
  id IDKEY,
  hash BYTES NOT NULL UNIQUE,
  user_id BIGINT NOT NULL REFERENCES auth_user (id),
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL
);
CREATE INDEX auth_session_user ON auth_session (user_id);
CREATE TABLE auth_key (
  id IDKEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  prefix TEXT NOT NULL,
  hash BYTES NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  last_used_at BIGINT NOT NULL DEFAULT 0,
  revoked_at BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE auth_throttle (
  subject TEXT PRIMARY KEY,
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL
);
