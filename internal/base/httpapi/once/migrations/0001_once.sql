CREATE TABLE once (
  id IDKEY,
  actor TEXT NOT NULL,
  operation TEXT NOT NULL,
  key TEXT NOT NULL,
  request BYTES NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (actor, operation, key)
);
CREATE INDEX once_at ON once (at);
