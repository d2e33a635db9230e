CREATE TABLE alert (
  id IDKEY,
  at BIGINT NOT NULL,
  metric TEXT NOT NULL,
  up BOOLEAN NOT NULL,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  peak_day TEXT NOT NULL,
  value DOUBLE NOT NULL,
  expected DOUBLE NOT NULL,
  low DOUBLE NOT NULL,
  high DOUBLE NOT NULL,
  z DOUBLE NOT NULL,
  unit TEXT NOT NULL,
  currency TEXT NOT NULL
);
CREATE UNIQUE INDEX alert_once ON alert (metric, up, first_day);
CREATE TABLE alert_read (
  alert BIGINT NOT NULL,
  reader TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (reader, alert)
);
CREATE TABLE alert_delivery (
  id IDKEY,
  alert BIGINT NOT NULL,
  way TEXT NOT NULL,
  target TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  at BIGINT NOT NULL,
  tried_at BIGINT NOT NULL,
  status BIGINT NOT NULL,
  took BIGINT NOT NULL,
  note TEXT NOT NULL
);
CREATE UNIQUE INDEX alert_delivery_once ON alert_delivery (alert, way, target);
CREATE INDEX alert_delivery_target ON alert_delivery (way, target, id);
CREATE TABLE alert_secret (
  id BINTEXT PRIMARY KEY,
  url TEXT NOT NULL,
  value TEXT NOT NULL
);
