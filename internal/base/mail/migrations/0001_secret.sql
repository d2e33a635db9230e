CREATE TABLE mail_secret (
  id BINTEXT PRIMARY KEY,
  value TEXT NOT NULL
);
