-- The people of static segments, as a compressed set of identity nodes.
CREATE TABLE segment_snapshot (
  id TEXT PRIMARY KEY,
  people BIGINT NOT NULL,
  at BIGINT NOT NULL,
  nodes BYTES NOT NULL
);
