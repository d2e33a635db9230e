-- What the pool has seen: one row for each event name, trait and channel, and how far the warehouse has been read.
CREATE TABLE rulebook_seen (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  spec TEXT NOT NULL,
  PRIMARY KEY (kind, name)
);
