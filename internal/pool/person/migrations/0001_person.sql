-- This table changes with every event. Its columns are always written, so they need no NOT NULL; with it, SQLite would keep a journal to
-- undo each statement that writes several rows.

-- The living picture: one row per person, kept in step with every event. What each identity (node) brought by its own events is in parts,
-- so that people can be taken apart again; if one brought all, it is sole and parts is empty.
CREATE TABLE person (
  id NUMKEY,
  first_seen BIGINT,
  last_seen BIGINT,
  events BIGINT,
  orders BIGINT,
  cancelled BIGINT,
  revenue BIGINT,
  first_order BIGINT,
  last_order BIGINT,
  traits TEXT,
  detail TEXT,
  name TEXT,
  email TEXT,
  phone TEXT,
  identified BOOLEAN,
  channel TEXT,
  channel_class TEXT,
  sole BIGINT,
  parts BYTES
);
CREATE INDEX person_last_seen ON person (last_seen, id);
CREATE INDEX person_first_seen ON person (first_seen, id);
CREATE INDEX person_revenue ON person (revenue, id);
CREATE INDEX person_orders ON person (orders, id);
