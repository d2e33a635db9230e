-- How many rows of each imported file were accepted for the first time; exact whatever crashed in between.
CREATE TABLE import_rows (
  import NUMKEY,
  accepted BIGINT NOT NULL
);
