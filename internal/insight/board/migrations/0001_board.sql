-- What signs the links of this pool; one row.
CREATE TABLE board_secret (
  id BIGINT PRIMARY KEY,
  secret BYTES NOT NULL
);
-- Links that show a board to whoever holds them. The token is kept as its SHA-256.
CREATE TABLE board_share (
  id IDKEY,
  board TEXT NOT NULL,
  title TEXT NOT NULL,
  hash BYTES NOT NULL UNIQUE,
  password TEXT NOT NULL,
  filters TEXT NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL DEFAULT 0,
  revoked_by TEXT NOT NULL DEFAULT '',
  opened BIGINT NOT NULL DEFAULT 0,
  opened_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX board_share_board ON board_share (board);
-- When each report is due, by the plan it had then, and how often in a row it has failed.
CREATE TABLE board_report (
  report TEXT PRIMARY KEY,
  plan TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  failures BIGINT NOT NULL DEFAULT 0
);
-- Each time a report was sent, or tried.
CREATE TABLE board_delivery (
  id IDKEY,
  report TEXT NOT NULL,
  cause TEXT NOT NULL,
  author TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  began_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX board_delivery_report ON board_delivery (report, id);
CREATE TABLE board_delivery_to (
  delivery BIGINT NOT NULL REFERENCES board_delivery (id),
  recipient TEXT NOT NULL,
  state TEXT NOT NULL,
  error TEXT NOT NULL DEFAULT '',
  at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (delivery, recipient)
);
