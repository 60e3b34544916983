-- The booth's ledger. Times are milliseconds since 1970-01-01T00:00:00Z; ids are the 16 bytes of a UUIDv7; amounts are fen.
-- Personal columns stand in people alone. What else concerns a person (pixels, printed documents, payloads) is emptied with them.
-- The state columns' lists are those of the machines in the domain; a test compares them.

-- What this booth says about itself to the central server. One row.
CREATE TABLE device (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    epoch           BLOB NOT NULL CHECK (length(epoch) = 16),
    sequence        INTEGER NOT NULL CHECK (sequence >= 0),
    orders_counted  INTEGER NOT NULL CHECK (orders_counted BETWEEN 0 AND 999999),
    is_backup       INTEGER NOT NULL CHECK (is_backup IN (0, 1))
) STRICT;

-- Programmes as they were when an order last named them.
CREATE TABLE programmes (
    id              TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    kind            TEXT NOT NULL CHECK (kind IN ('degree', 'freshman', 'general')),
    title_zh        TEXT NOT NULL,
    title_en        TEXT NOT NULL,
    specification   TEXT NOT NULL CHECK (length(specification) > 0),
    pay_when        TEXT NOT NULL CHECK (pay_when IN ('before_shooting', 'after_shooting', 'by_school')),
    approval        TEXT NOT NULL CHECK (approval IN ('booth', 'central')),
    seen_ms         INTEGER NOT NULL
) STRICT;

-- Who identified here. A purged person keeps the row, so that orders stay whole, and nothing else.
CREATE TABLE people (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    document_kind   TEXT CHECK (document_kind IN ('resident_id', 'hk_macao_taiwan_residence',
                        'foreign_permanent_resident', 'passport', 'home_return_permit', 'taiwan_compatriot_permit')),
    document_number TEXT CHECK (length(document_number) BETWEEN 6 AND 18),
    name            TEXT CHECK (length(name) BETWEEN 1 AND 40),
    phone           TEXT CHECK (length(phone) BETWEEN 9 AND 16),
    student_number  TEXT CHECK (length(student_number) BETWEEN 4 AND 24),
    seen_ms         INTEGER NOT NULL,
    purged_ms       INTEGER,
    UNIQUE (document_kind, document_number),
    CHECK (CASE WHEN purged_ms IS NULL
        THEN document_kind IS NOT NULL AND document_number IS NOT NULL AND name IS NOT NULL
        ELSE coalesce(document_kind, document_number, name, phone, student_number) IS NULL END)
) STRICT;

CREATE TABLE orders (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    number          TEXT NOT NULL UNIQUE CHECK (length(number) = 10 AND number NOT GLOB '*[^0-9]*'),
    programme_id    TEXT NOT NULL REFERENCES programmes (id),
    person_id       BLOB NOT NULL REFERENCES people (id),
    state           TEXT NOT NULL CHECK (state IN ('draft', 'awaiting_payment', 'paid', 'photographed', 'submitted',
                        'approved', 'rejected', 'fulfilled', 'completed', 'cancelled', 'expired', 'refunded')),
    amount_fen      INTEGER NOT NULL CHECK (amount_fen BETWEEN 0 AND 1000000),
    photo_id        BLOB,
    first_shot      INTEGER NOT NULL CHECK (first_shot >= 1), -- shots before it were for a photo that was rejected
    created_ms      INTEGER NOT NULL,
    changed_ms      INTEGER NOT NULL,
    FOREIGN KEY (photo_id, id) REFERENCES photos (id, order_id),
    CHECK (photo_id IS NOT NULL
        OR state NOT IN ('photographed', 'submitted', 'approved', 'rejected', 'fulfilled', 'completed')),
    CHECK (photo_id IS NULL OR state NOT IN ('draft', 'awaiting_payment', 'paid', 'cancelled', 'expired'))
) STRICT;

-- Nobody has two orders to pay for in one programme. (Two paid ones can be: money that arrives late counts.)
CREATE UNIQUE INDEX orders_one_unpaid ON orders (person_id, programme_id) WHERE state IN ('draft', 'awaiting_payment');
CREATE INDEX orders_by_person ON orders (person_id, programme_id);
CREATE INDEX orders_by_state ON orders (state, changed_ms);

CREATE TABLE order_lines (
    order_id        BLOB NOT NULL REFERENCES orders (id),
    item            TEXT NOT NULL CHECK (item IN ('electronic_photo', 'printed_sheet')),
    quantity        INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    unit_fen        INTEGER NOT NULL CHECK (unit_fen BETWEEN 0 AND 1000000),
    PRIMARY KEY (order_id, item)
) STRICT, WITHOUT ROWID;

-- Which text somebody agreed to, by its version and the SHA-256 of the text that was on the screen.
CREATE TABLE consents (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    order_id        BLOB NOT NULL REFERENCES orders (id),
    person_id       BLOB NOT NULL REFERENCES people (id),
    text_id         TEXT NOT NULL CHECK (length(text_id) > 0),
    version         TEXT NOT NULL CHECK (length(version) > 0),
    text_sha256     BLOB NOT NULL CHECK (length(text_sha256) = 32),
    given_ms        INTEGER NOT NULL,
    UNIQUE (order_id, text_id)
) STRICT;
CREATE INDEX consents_by_person ON consents (person_id);

CREATE TABLE payments (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    order_id        BLOB NOT NULL REFERENCES orders (id),
    means           TEXT NOT NULL CHECK (means IN ('counter', 'school')),
    state           TEXT NOT NULL CHECK (state IN ('pending', 'settled', 'closed', 'refunding', 'refunded')),
    amount_fen      INTEGER NOT NULL CHECK (amount_fen BETWEEN 0 AND 1000000),
    opened_ms       INTEGER NOT NULL,
    settled_ms      INTEGER,
    CHECK ((settled_ms IS NOT NULL) = (state IN ('settled', 'refunding', 'refunded')))
) STRICT;
CREATE UNIQUE INDEX payments_one_pending ON payments (order_id) WHERE state = 'pending';
CREATE INDEX payments_by_order ON payments (order_id);

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
    original        BLOB CHECK (length(original) > 0),
    official        BLOB CHECK (length(official) > 0),
    UNIQUE (id, order_id),
    UNIQUE (order_id, shot),
    CHECK ((original IS NULL) = (state = 'purged')),
    CHECK (state NOT IN ('candidate', 'accepted', 'superseded') OR official IS NOT NULL),
    CHECK (state NOT IN ('failed', 'purged') OR official IS NULL),
    CHECK (official IS NULL OR official_sha256 IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX photos_one_accepted ON photos (order_id) WHERE state = 'accepted';

CREATE TABLE print_jobs (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    order_id        BLOB NOT NULL REFERENCES orders (id),
    place           INTEGER NOT NULL CHECK (place >= 1),
    kind            TEXT NOT NULL CHECK (kind IN ('sheet', 'receipt')),
    copies          INTEGER NOT NULL CHECK (copies BETWEEN 1 AND 99),
    state           TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'printing', 'held', 'cancelling', 'done',
                        'cancelled')),
    attempts        INTEGER NOT NULL CHECK (attempts >= 0),
    fault           TEXT CHECK (length(fault) > 0),
    printer_job     TEXT CHECK (length(printer_job) > 0),
    queued_ms       INTEGER NOT NULL,
    changed_ms      INTEGER NOT NULL,
    document        BLOB CHECK (length(document) > 0),
    UNIQUE (order_id, place),
    CHECK (document IS NOT NULL OR state IN ('done', 'cancelled')),
    CHECK (fault IS NULL OR state IN ('queued', 'held', 'cancelled'))
) STRICT;
CREATE INDEX print_jobs_to_do ON print_jobs (queued_ms, id) WHERE state NOT IN ('done', 'cancelled');

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
    payload         BLOB CHECK (length(payload) > 0),
    UNIQUE (epoch, sequence),
    CHECK (payload IS NOT NULL OR state = 'acknowledged'),
    CHECK ((answered_ms IS NOT NULL) = (state <> 'pending')),
    CHECK ((reason IS NOT NULL) = (state = 'parked'))
) STRICT;
CREATE INDEX outbox_pending ON outbox (place) WHERE state = 'pending';
CREATE INDEX outbox_by_order ON outbox (order_id);

-- Who did what. Each row's hash covers the row before it; nothing is ever changed here.
CREATE TABLE audit (
    sequence        INTEGER PRIMARY KEY CHECK (sequence >= 1),
    at_ms           INTEGER NOT NULL,
    actor           TEXT NOT NULL CHECK (actor IN ('student', 'staff', 'booth', 'central')),
    action          TEXT NOT NULL CHECK (length(action) > 0),
    subject         TEXT NOT NULL,
    detail          TEXT NOT NULL,
    previous        BLOB NOT NULL CHECK (length(previous) = 32),
    hash            BLOB NOT NULL UNIQUE CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
    BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
    BEGIN SELECT raise(ABORT, 'the audit is never deleted'); END;
