CREATE TABLE outbox (
  id IDKEY,
  key TEXT NOT NULL UNIQUE,
  body BYTES NOT NULL,
  at BIGINT NOT NULL
);
CREATE TABLE log_position (
  reader TEXT PRIMARY KEY,
  position BIGINT NOT NULL
);
