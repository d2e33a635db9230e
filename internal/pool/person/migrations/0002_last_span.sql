-- Lists are sorted by when people were last seen, and that changes with every event. An index of its own would be written with every event
-- too, at two random places. This one knows only the ten minutes in which it was (last_seen / 600,000,000 µs), so that a sitting moves it
-- once; within them, lists sort what they read.
DROP INDEX person_last_seen;
ALTER TABLE person ADD COLUMN last_span BIGINT;
UPDATE person SET last_span = last_seen / 600000000;
CREATE INDEX person_last_span ON person (last_span);
