-- Retractions: records that take back what was sent for their key and hold nothing else. A key whose current revision is
-- one has no rows and isn't listed.

ALTER TABLE records ADD COLUMN retracted INTEGER NOT NULL DEFAULT 0; -- 1: it is one

DROP VIEW history;

CREATE VIEW history AS
SELECT r.station, r.type, r.subject, r.revision, r.id, e.facility, r.agent, r.epoch, r.sequence, r.received,
       c.revision IS r.revision AS current, e.retracted, e.event
FROM revisions r
JOIN records e ON e.station = r.station AND e.id = r.id
JOIN current c ON c.station = r.station AND c.type = r.type AND c.subject = r.subject;
