-- Up to which change of levels the default actions have been done.
CREATE TABLE tier_cursor (
  one BIGINT PRIMARY KEY,
  change BIGINT NOT NULL
);
