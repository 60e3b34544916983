-- What the way to the central server needs: which device this booth is, how far the directory was taken and what of it must survive
-- a restart, what central asked the booth to do, why a photo was rejected.
--
-- The outbox is made anew, because a CHECK can't be changed: central may lose what it had acknowledged (it was restored from a
-- backup), and then an event is offered again whose payload was purged.
CREATE TABLE old_outbox AS SELECT * FROM outbox;
DROP TABLE outbox;
-- What the central server must hear, in the order in which it happened.
CREATE TABLE outbox (
    place           INTEGER PRIMARY KEY,
    epoch           BLOB NOT NULL CHECK (length(epoch) = 16),
    sequence        INTEGER NOT NULL CHECK (sequence >= 1),
    event_id        BLOB NOT NULL UNIQUE CHECK (length(event_id) = 16),
    order_id        BLOB REFERENCES orders (id),
    kind            TEXT NOT NULL CHECK (length(kind) > 0),
    dedupe_key      TEXT NOT NULL UNIQUE CHECK (length(dedupe_key) > 0),
    state           TEXT NOT NULL CHECK (state IN ('pending', 'acknowledged', 'parked')),
    attempts        INTEGER NOT NULL CHECK (attempts >= 0),
    reason          TEXT CHECK (length(reason) > 0),
    created_ms      INTEGER NOT NULL,
    answered_ms     INTEGER,
    had_ms          INTEGER, -- when it was first acknowledged, kept when it is offered again
    blob_sha256     BLOB CHECK (length(blob_sha256) = 32), -- the photo that central must have before it
    payload         BLOB CHECK (length(payload) > 0),
    UNIQUE (epoch, sequence),
    CHECK (payload IS NOT NULL OR had_ms IS NOT NULL),
    CHECK (had_ms IS NOT NULL OR state <> 'acknowledged'),
    CHECK ((answered_ms IS NOT NULL) = (state <> 'pending')),
    CHECK ((reason IS NOT NULL) = (state = 'parked'))
) STRICT;
INSERT INTO outbox (place, epoch, sequence, event_id, order_id, kind, dedupe_key, state, attempts, reason, created_ms,
        answered_ms, had_ms, blob_sha256, payload)
    SELECT place, epoch, sequence, event_id, order_id, kind, dedupe_key, state, attempts, reason, created_ms, answered_ms,
        CASE WHEN state = 'acknowledged' THEN answered_ms END,
        CASE WHEN kind = 'collection_submitted' AND json_valid(CAST(payload AS TEXT))
            AND length(json_extract(CAST(payload AS TEXT), '$.photo.sha256')) = 64
            THEN unhex(json_extract(CAST(payload AS TEXT), '$.photo.sha256')) END,
        payload
    FROM old_outbox;
DROP TABLE old_outbox;
CREATE INDEX outbox_pending ON outbox (place) WHERE state = 'pending';
CREATE INDEX outbox_parked ON outbox (place) WHERE state = 'parked';
CREATE INDEX outbox_by_order ON outbox (order_id);

CREATE INDEX photos_by_official ON photos (official_sha256) WHERE official_sha256 IS NOT NULL;

-- Which device of which central server this booth is. One row, or none.
CREATE TABLE enrolment (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    address         TEXT NOT NULL CHECK (length(address) BETWEEN 1 AND 300),
    device          BLOB NOT NULL CHECK (length(device) = 16),
    key             BLOB NOT NULL CHECK (length(key) = 32),
    next_key        BLOB CHECK (length(next_key) = 32),
    pins            BLOB NOT NULL CHECK (length(pins) >= 32 AND length(pins) % 32 = 0),
    campus          TEXT NOT NULL CHECK (length(campus) <= 100),
    device_name     TEXT NOT NULL CHECK (length(device_name) <= 200)
) STRICT;

-- How far central's directory was taken. One row, or none.
CREATE TABLE directory_cursor (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    cursor          INTEGER NOT NULL CHECK (cursor >= 0)
) STRICT;

-- What central said that holds until it says otherwise, as JSON.
CREATE TABLE directory (
    kind            TEXT NOT NULL CHECK (kind IN ('programme', 'price', 'notice', 'setting', 'message', 'closed')),
    key             TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    value           TEXT NOT NULL CHECK (json_valid(value)),
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- What central asked the booth to do, and what became of it: each is done once.
CREATE TABLE commands (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    action          TEXT NOT NULL CHECK (length(action) > 0),
    reason          TEXT CHECK (length(reason) > 0), -- why it was not done
    at_ms           INTEGER NOT NULL,
    told            INTEGER NOT NULL CHECK (told IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX commands_untold ON commands (at_ms, id) WHERE told = 0;

-- Print jobs that repeat others of their order, and which command asked for them.
CREATE TABLE repeated_jobs (
    job_id          BLOB PRIMARY KEY REFERENCES print_jobs (id),
    command_id      BLOB NOT NULL REFERENCES commands (id)
) STRICT, WITHOUT ROWID;

-- Why the campus office rejected an order's photo, as its student is to read it. Purged with the order.
CREATE TABLE rejections (
    order_id        BLOB PRIMARY KEY REFERENCES orders (id),
    photo_id        BLOB NOT NULL REFERENCES photos (id),
    reason          TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    at_ms           INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
