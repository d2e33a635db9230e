-- What cut a link: 'unmerge' (an operator took people apart, which the machine respects for ever) or 'quarantine' (which ends when the
-- identity is released). Empty while the link holds.
ALTER TABLE edge ADD COLUMN cut_kind TEXT NOT NULL DEFAULT '';
