-- What was last written to each person (value -1: none; next_day, days since 1970, 0: none), and the runs that wrote it.
CREATE TABLE ltv_prediction (
  person NUMKEY,
  alive DOUBLE NOT NULL,
  orders DOUBLE NOT NULL,
  value BIGINT NOT NULL,
  next_day BIGINT NOT NULL
);
CREATE TABLE ltv_run (
  id IDKEY,
  state TEXT NOT NULL,
  author TEXT NOT NULL,
  day BIGINT NOT NULL,
  began BIGINT NOT NULL,
  ended BIGINT NOT NULL,
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  verdict TEXT NOT NULL,
  error TEXT NOT NULL
);
