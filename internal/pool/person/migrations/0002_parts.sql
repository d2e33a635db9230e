-- What each identity (node) brought by its own events moves from profile into the row of its person, as parts, so that an event writes one row
-- and people can still be taken apart. If one node brought all, it is sole and parts is empty. The rows of profile are moved by the program,
-- after which the table stays empty.
ALTER TABLE person ADD COLUMN sole BIGINT DEFAULT 0;
ALTER TABLE person ADD COLUMN parts BYTES;
