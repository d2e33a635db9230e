CREATE TABLE imports (
  id IDKEY,
  fingerprint TEXT NOT NULL,
  file TEXT NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  preset TEXT NOT NULL,
  mapping TEXT NOT NULL,
  options TEXT NOT NULL,
  state TEXT NOT NULL,
  row_count BIGINT NOT NULL DEFAULT 0,
  accepted BIGINT NOT NULL DEFAULT 0,
  rejected BIGINT NOT NULL DEFAULT 0,
  bytes BIGINT NOT NULL,
  bytes_done BIGINT NOT NULL DEFAULT 0,
  batching BIGINT NOT NULL,
  batches BIGINT NOT NULL DEFAULT 0,
  position BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL DEFAULT 0,
  finished_at BIGINT NOT NULL DEFAULT 0,
  author TEXT NOT NULL,
  error_code TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX imports_fingerprint ON imports (fingerprint);
CREATE INDEX imports_state ON imports (state, id);
CREATE TABLE import_files (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
