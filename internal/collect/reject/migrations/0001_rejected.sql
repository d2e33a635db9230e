CREATE TABLE rejected (
  id IDKEY,
  at BIGINT NOT NULL,
  source BIGINT NOT NULL,
  digest TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  hint TEXT NOT NULL,
  body TEXT NOT NULL,
  envelope TEXT NOT NULL,
  cut BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  claim TEXT NOT NULL,
  claimed_at BIGINT NOT NULL,
  replays BIGINT NOT NULL,
  times BIGINT NOT NULL
);
CREATE UNIQUE INDEX rejected_same ON rejected (source, digest);
CREATE INDEX rejected_state ON rejected (state, code, id);
CREATE INDEX rejected_claim ON rejected (claim);
CREATE INDEX rejected_at ON rejected (at);
