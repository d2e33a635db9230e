-- These two tables change with every event. Their columns are always written, so they need no NOT NULL; with it, SQLite would keep a
-- journal to undo each statement that writes several rows.

-- What each identity (node) brought by its own events. A person is the sum of its nodes' profiles.
CREATE TABLE profile (
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
  detail TEXT
);

-- The living picture: one row per person, kept in step with every event.
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
  channel_class TEXT
);
CREATE INDEX person_last_seen ON person (last_seen, id);
CREATE INDEX person_first_seen ON person (first_seen, id);
CREATE INDEX person_revenue ON person (revenue, id);
CREATE INDEX person_orders ON person (orders, id);
