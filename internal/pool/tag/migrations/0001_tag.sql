-- Tags given by hand, import or program. A mark stays with the identity it was put on; a person has what its identities have.
CREATE TABLE tag_on (
  node BIGINT NOT NULL,
  tag TEXT NOT NULL,
  at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  source TEXT NOT NULL,
  author TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (node, tag)
);
CREATE INDEX tag_on_tag ON tag_on (tag, node);
CREATE INDEX tag_on_until ON tag_on (until) WHERE until > 0;

-- What happened to them, for ever.
CREATE TABLE tag_change (
  id IDKEY,
  at BIGINT NOT NULL,
  person BIGINT NOT NULL,
  tag TEXT NOT NULL,
  change TEXT NOT NULL,
  source TEXT NOT NULL,
  author TEXT NOT NULL,
  note TEXT NOT NULL
);
CREATE INDEX tag_change_tag ON tag_change (tag, id);
CREATE INDEX tag_change_person ON tag_change (person, id);
CREATE INDEX tag_change_at ON tag_change (at, tag);

-- Work on many people at once, and how far it has come.
CREATE TABLE tag_run (
  id IDKEY,
  tag TEXT NOT NULL,
  action TEXT NOT NULL,
  state TEXT NOT NULL,
  people BYTES NOT NULL,
  next BIGINT NOT NULL,
  until BIGINT NOT NULL,
  source TEXT NOT NULL,
  author TEXT NOT NULL,
  note TEXT NOT NULL,
  at BIGINT NOT NULL,
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  already BIGINT NOT NULL,
  replaced BIGINT NOT NULL,
  unknown BIGINT NOT NULL,
  error TEXT NOT NULL
);
CREATE INDEX tag_run_state ON tag_run (state, id);
