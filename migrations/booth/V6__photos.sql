-- The official photo stands before the original. SQLite walks through what stands before a column to read it, and an original has
-- hundreds of kilobytes: whoever read the official photo decrypted all of them first.
--
-- Columns can't be moved, so the table is made anew under its name. Its children point at it by name; the references are whole again
-- before the commit, until which they are not judged.
PRAGMA defer_foreign_keys = ON;

-- For each photo its children are looked for; without these, in whole tables.
CREATE INDEX by_photo_1 ON orders (photo_id, id);
CREATE INDEX by_photo_2 ON alternatives (of_photo_id);
CREATE INDEX by_photo_3 ON rejections (photo_id);

CREATE TABLE old_photos AS SELECT * FROM photos;
DROP TABLE photos;
-- One row a shot. The blobs stand last, so that a query for a state does not walk through pixels.
CREATE TABLE photos (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    order_id        BLOB NOT NULL REFERENCES orders (id),
    shot            INTEGER NOT NULL CHECK (shot >= 1),
    state           TEXT NOT NULL CHECK (state IN ('candidate', 'failed', 'accepted', 'superseded', 'purged')),
    taken_ms        INTEGER NOT NULL,
    reasons         TEXT NOT NULL CHECK (reasons NOT GLOB '*[^a-z0-9_,]*'),
    measures        TEXT NOT NULL CHECK (json_valid(measures)),
    original_sha256 BLOB NOT NULL CHECK (length(original_sha256) = 32),
    official_sha256 BLOB CHECK (length(official_sha256) = 32),
    official        BLOB CHECK (length(official) > 0),
    original        BLOB CHECK (length(original) > 0),
    UNIQUE (id, order_id),
    UNIQUE (order_id, shot),
    CHECK ((original IS NULL) = (state = 'purged')),
    CHECK (state NOT IN ('candidate', 'accepted', 'superseded') OR official IS NOT NULL),
    CHECK (state NOT IN ('failed', 'purged') OR official IS NULL),
    CHECK (official IS NULL OR official_sha256 IS NOT NULL)
) STRICT;
INSERT INTO photos (id, order_id, shot, state, taken_ms, reasons, measures, original_sha256, official_sha256, official, original)
    SELECT id, order_id, shot, state, taken_ms, reasons, measures, original_sha256, official_sha256, official, original
    FROM old_photos;
DROP TABLE old_photos;
DROP INDEX by_photo_1;
DROP INDEX by_photo_2;
DROP INDEX by_photo_3;
CREATE UNIQUE INDEX photos_one_accepted ON photos (order_id) WHERE state = 'accepted';
CREATE INDEX photos_by_official ON photos (official_sha256) WHERE official_sha256 IS NOT NULL;
