CREATE TABLE definition (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (kind, key)
);
CREATE TABLE definition_version (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  version BIGINT NOT NULL,
  spec TEXT NOT NULL,
  author TEXT NOT NULL,
  at BIGINT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (kind, key, version)
);
