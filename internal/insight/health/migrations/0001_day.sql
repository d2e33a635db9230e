CREATE TABLE health_day (
  day BINTEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  score DOUBLE,
  facts TEXT NOT NULL
);
