-- What rules ask about people besides events, as it was when the process stopped. It holds if nothing has happened since: seq is the newest of
-- membership_state.
CREATE TABLE membership_roster (
  one NUMKEY,
  seq BIGINT NOT NULL,
  data BYTES NOT NULL
);
