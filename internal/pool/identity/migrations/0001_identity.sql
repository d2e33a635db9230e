-- One row per identity ever seen: a node of the graph. person is the least node number of its component.
CREATE TABLE identity (
  id NUMKEY,
  key BINTEXT NOT NULL UNIQUE,
  person BIGINT NOT NULL,
  quarantined BOOLEAN NOT NULL DEFAULT FALSE,
  first_at BIGINT NOT NULL
);
CREATE INDEX identity_person ON identity (person);

-- Links between nodes. cut_at is 0 while the link holds.
CREATE TABLE edge (
  id IDKEY,
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  event_id TEXT NOT NULL,
  author TEXT NOT NULL,
  at BIGINT NOT NULL,
  cut_at BIGINT NOT NULL DEFAULT 0,
  cut_reason TEXT NOT NULL DEFAULT '',
  cut_author TEXT NOT NULL DEFAULT ''
);
CREATE INDEX edge_a ON edge (a);
CREATE INDEX edge_b ON edge (b);

-- Where the guards said no.
CREATE TABLE conflict (
  id IDKEY,
  kind TEXT NOT NULL,
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  on_kind TEXT NOT NULL,
  a_value TEXT NOT NULL,
  b_value TEXT NOT NULL,
  event_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  seen BIGINT NOT NULL DEFAULT 1,
  state TEXT NOT NULL DEFAULT 'open',
  author TEXT NOT NULL DEFAULT '',
  UNIQUE (a, b)
);
CREATE INDEX conflict_state ON conflict (state, id);

-- Which strong identities were seen together with a weak one that belongs to somebody else; enough of them make a shared device.
CREATE TABLE sighting (
  weak BIGINT NOT NULL,
  strong BIGINT NOT NULL,
  PRIMARY KEY (weak, strong)
);

-- Nodes that changed their person, for the warehouse to follow; removed once it has.
CREATE TABLE person_move (
  position BIGINT NOT NULL,
  node BIGINT NOT NULL,
  person BIGINT NOT NULL
);
CREATE INDEX person_move_position ON person_move (position);
