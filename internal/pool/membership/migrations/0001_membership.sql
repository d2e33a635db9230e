-- One row: seq numbers the transactions that changed anything here and keeps them one after the other; at is when the newest was (time does not
-- go back here, whatever the clock does); last_id is the newest change; day and zone are the calendar day for which everything holds.
CREATE TABLE membership_state (
  one NUMKEY,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  last_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  zone TEXT NOT NULL
);
INSERT INTO membership_state (one, seq, at, last_id, day, zone) VALUES (1, 0, 0, 0, -1, '');

-- What the rules decide. names are all levels it ever had, in the order of their numbers; spec is in force, next_spec waits for its sweep.
CREATE TABLE membership_unit (
  id IDKEY,
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  names TEXT NOT NULL DEFAULT '[]',
  spec TEXT NOT NULL DEFAULT '',
  static BYTES,
  next_spec TEXT NOT NULL DEFAULT '',
  next_static BYTES,
  UNIQUE (owner, key)
);

-- The history: one row a step of one person. Its columns are always written; with NOT NULL, SQLite would keep a journal to undo each
-- statement that writes several rows.
CREATE TABLE membership_change (
  id NUMKEY,
  unit BIGINT,
  person BIGINT,
  at BIGINT,
  from_level BIGINT,
  to_level BIGINT,
  cause TEXT
);
CREATE INDEX membership_change_unit ON membership_change (unit, at, id);
CREATE INDEX membership_change_person ON membership_change (person, unit, id);

-- Steps of many people at once: ids id … id + people - 1, in the order of the people in the bitmap. signalled is the last person who was told
-- of, or -1 if nobody is to be told any more.
CREATE TABLE membership_bulk (
  id NUMKEY,
  unit BIGINT NOT NULL,
  at BIGINT NOT NULL,
  from_level BIGINT NOT NULL,
  to_level BIGINT NOT NULL,
  cause TEXT NOT NULL,
  people BIGINT NOT NULL,
  members BYTES NOT NULL,
  signalled BIGINT NOT NULL
);
CREATE INDEX membership_bulk_unit ON membership_bulk (unit, id);

-- Whose rules ask for a fall that stay or grace hold back, and since when.
CREATE TABLE membership_wait (
  unit BIGINT NOT NULL,
  person BIGINT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (unit, person)
);

-- Nodes with an event that is dated later than it came: it counts from the beginning of its own day.
CREATE TABLE membership_due (
  node BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (node, at)
);

-- Where everybody stood after the change upto, so that a start reads only what came later.
CREATE TABLE membership_snapshot (
  unit NUMKEY,
  upto BIGINT NOT NULL,
  at BIGINT NOT NULL,
  levels BYTES NOT NULL
);
