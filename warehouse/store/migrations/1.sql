-- Times are UTC, 2026-01-31T08:00:00.000Z. Every key begins with the station.

CREATE TABLE stations (
  station TEXT NOT NULL PRIMARY KEY, -- code, 5 to 13 digits
  added   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Agents that may send: the allow list of certificates.
CREATE TABLE agents (
  station     TEXT NOT NULL REFERENCES stations,
  id          TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE,       -- SHA-256 of the certificate, hex
  certificate BLOB NOT NULL,              -- DER
  not_after   TEXT NOT NULL,
  enrolled    TEXT NOT NULL,
  revoked     TEXT,
  epoch       INTEGER NOT NULL DEFAULT 0, -- the newest stamp ever seen of it
  sequence    INTEGER NOT NULL DEFAULT 0,
  newest_id   TEXT NOT NULL DEFAULT '',   -- the record that bore it
  PRIMARY KEY (station, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  station     TEXT NOT NULL REFERENCES stations,
  secret      BLOB NOT NULL, -- SHA-256 of it
  created     TEXT NOT NULL,
  expires     TEXT NOT NULL,
  used_by_key BLOB,          -- SHA-256 of the public key it was used with
  agent       TEXT,
  PRIMARY KEY (station, secret),
  FOREIGN KEY (station, agent) REFERENCES agents
) STRICT, WITHOUT ROWID;

-- One row for each content.
CREATE TABLE records (
  station        TEXT NOT NULL REFERENCES stations,
  id             TEXT NOT NULL,
  type           TEXT NOT NULL, -- vn.tramsync.his.visit, vn.tramsync.v20.tiem_chung, …
  subject        TEXT NOT NULL,
  facility       TEXT NOT NULL, -- MA_CSKCB
  first_received TEXT NOT NULL,
  event          BLOB NOT NULL, -- the event's JSON as its content first came, without the stamp, zstd
  PRIMARY KEY (station, id)
) STRICT;

CREATE TABLE revisions (
  station  TEXT NOT NULL,
  type     TEXT NOT NULL,
  subject  TEXT NOT NULL,
  revision INTEGER NOT NULL, -- from 1, in the order of arrival
  id       TEXT NOT NULL,
  agent    TEXT NOT NULL,
  epoch    INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  received TEXT NOT NULL,
  PRIMARY KEY (station, type, subject, revision),
  FOREIGN KEY (station, id) REFERENCES records,
  FOREIGN KEY (station, agent) REFERENCES agents
) STRICT, WITHOUT ROWID;

CREATE TABLE current (
  station  TEXT NOT NULL,
  type     TEXT NOT NULL,
  subject  TEXT NOT NULL,
  id       TEXT NOT NULL,
  revision INTEGER NOT NULL,
  agent    TEXT NOT NULL, -- that sent the revision, at this stamp
  epoch    INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (station, type, subject),
  FOREIGN KEY (station, type, subject, revision) REFERENCES revisions
) STRICT, WITHOUT ROWID;

-- The newest stamp at which an agent sent anything for a key, duplicates too.
CREATE TABLE last_sent (
  station  TEXT NOT NULL,
  type     TEXT NOT NULL,
  subject  TEXT NOT NULL,
  agent    TEXT NOT NULL,
  epoch    INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (station, type, subject, agent),
  FOREIGN KEY (station, agent) REFERENCES agents
) STRICT, WITHOUT ROWID;

-- The current revisions' tables.
CREATE TABLE rows (
  station    TEXT NOT NULL,
  facility   TEXT NOT NULL,
  type       TEXT NOT NULL,
  subject    TEXT NOT NULL,
  visit      TEXT NOT NULL,    -- MA_LK; of a V20 row the subject
  table_name TEXT NOT NULL,    -- XML1, XML2, …; of a V20 row its kind
  row_number INTEGER NOT NULL, -- from 1, in a table
  fields     TEXT NOT NULL,    -- JSON object of texts: fields ->> 'HO_TEN'
  PRIMARY KEY (station, type, subject, table_name, row_number),
  FOREIGN KEY (station, type, subject) REFERENCES current
) STRICT;

CREATE INDEX rows_by_visit ON rows (station, visit);

CREATE VIEW history AS
SELECT r.station, r.type, r.subject, r.revision, r.id, e.facility, r.agent, r.epoch, r.sequence, r.received,
       c.revision IS r.revision AS current, e.event
FROM revisions r
JOIN records e ON e.station = r.station AND e.id = r.id
JOIN current c ON c.station = r.station AND c.type = r.type AND c.subject = r.subject;
