-- What each identity (node) brought by its own events. A person is the sum of its nodes' profiles.
CREATE TABLE profile (
  id NUMKEY,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  events BIGINT NOT NULL,
  orders BIGINT NOT NULL,
  cancelled BIGINT NOT NULL,
  revenue BIGINT NOT NULL,
  first_order BIGINT NOT NULL,
  last_order BIGINT NOT NULL,
  traits TEXT NOT NULL,
  detail TEXT NOT NULL
);

-- The living picture: one row per person, kept in step with every event.
CREATE TABLE person (
  id NUMKEY,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  events BIGINT NOT NULL,
  orders BIGINT NOT NULL,
  cancelled BIGINT NOT NULL,
  revenue BIGINT NOT NULL,
  first_order BIGINT NOT NULL,
  last_order BIGINT NOT NULL,
  traits TEXT NOT NULL,
  detail TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  identified BOOLEAN NOT NULL,
  channel TEXT NOT NULL,
  channel_class TEXT NOT NULL
);
CREATE INDEX person_last_seen ON person (last_seen, id);
CREATE INDEX person_first_seen ON person (first_seen, id);
CREATE INDEX person_revenue ON person (revenue, id);
CREATE INDEX person_orders ON person (orders, id);
