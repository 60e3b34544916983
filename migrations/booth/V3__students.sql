-- What a student's whole way needs: accounts, the school's rosters, collection codes, deliveries, online payments, reprints, and
-- deletion on request. Personal columns stand in people, accounts, rosters, collection_codes and deliveries.
--
-- A CHECK can't be changed, so three tables are made anew under their names. Their children point at them by name; the references
-- are whole again before the commit, until which they are not judged.
PRAGMA defer_foreign_keys = ON;

CREATE TABLE old_programmes AS SELECT * FROM programmes;
DROP TABLE programmes;
-- Programmes as they were when an order last named them.
CREATE TABLE programmes (
    id              TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    kind            TEXT NOT NULL CHECK (kind IN ('degree', 'freshman', 'general')),
    title_zh        TEXT NOT NULL,
    title_en        TEXT NOT NULL,
    specification   TEXT NOT NULL CHECK (length(specification) > 0),
    pay_when        TEXT NOT NULL CHECK (pay_when IN ('before_shooting', 'after_shooting', 'by_school')),
    approval        TEXT NOT NULL CHECK (approval IN ('booth', 'staff', 'central')),
    seen_ms         INTEGER NOT NULL
) STRICT;
INSERT INTO programmes (id, kind, title_zh, title_en, specification, pay_when, approval, seen_ms)
    SELECT id, kind, title_zh, title_en, specification, pay_when, approval, seen_ms FROM old_programmes;
DROP TABLE old_programmes;

CREATE TABLE old_order_lines AS SELECT * FROM order_lines;
DROP TABLE order_lines;
CREATE TABLE order_lines (
    order_id        BLOB NOT NULL REFERENCES orders (id),
    item            TEXT NOT NULL CHECK (item IN ('electronic_photo', 'printed_sheet', 'postage')),
    quantity        INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    unit_fen        INTEGER NOT NULL CHECK (unit_fen BETWEEN 0 AND 1000000),
    PRIMARY KEY (order_id, item)
) STRICT, WITHOUT ROWID;
INSERT INTO order_lines (order_id, item, quantity, unit_fen)
    SELECT order_id, item, quantity, unit_fen FROM old_order_lines;
DROP TABLE old_order_lines;

CREATE TABLE old_payments AS SELECT * FROM payments;
DROP TABLE payments;
CREATE TABLE payments (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    order_id        BLOB NOT NULL REFERENCES orders (id),
    means           TEXT NOT NULL CHECK (means IN ('counter', 'school', 'wechat_pay', 'alipay')),
    state           TEXT NOT NULL CHECK (state IN ('pending', 'settled', 'closed', 'refunding', 'refunded')),
    amount_fen      INTEGER NOT NULL CHECK (amount_fen BETWEEN 0 AND 1000000),
    opened_ms       INTEGER NOT NULL,
    settled_ms      INTEGER,
    CHECK ((settled_ms IS NOT NULL) = (state IN ('settled', 'refunding', 'refunded')))
) STRICT;
INSERT INTO payments (id, order_id, means, state, amount_fen, opened_ms, settled_ms)
    SELECT id, order_id, means, state, amount_fen, opened_ms, settled_ms FROM old_payments;
DROP TABLE old_payments;
CREATE UNIQUE INDEX payments_one_pending ON payments (order_id) WHERE state = 'pending';
CREATE INDEX payments_by_order ON payments (order_id);

-- How somebody logs in. The row goes with the person; one who was known before there were accounts has none until it is needed.
CREATE TABLE accounts (
    person_id       BLOB PRIMARY KEY REFERENCES people (id),
    email           TEXT CHECK (length(email) BETWEEN 3 AND 254),
    gender          TEXT CHECK (gender IN ('male', 'female')),
    password_hash   TEXT CHECK (length(password_hash) BETWEEN 20 AND 255 AND password_hash GLOB '$*'),
    wrong_tries     INTEGER NOT NULL CHECK (wrong_tries >= 0),
    registered_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whom the school sends, one list a kind of programme. A list is replaced as a whole; it is the school's and is purged by the next.
CREATE TABLE rosters (
    kind            TEXT NOT NULL CHECK (kind IN ('degree', 'freshman', 'general')),
    document_kind   TEXT NOT NULL CHECK (document_kind IN ('resident_id', 'hk_macao_taiwan_residence',
                        'foreign_permanent_resident', 'passport', 'home_return_permit', 'taiwan_compatriot_permit')),
    document_number TEXT NOT NULL CHECK (length(document_number) BETWEEN 6 AND 18),
    name            TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    student_number  TEXT NOT NULL CHECK (length(student_number) BETWEEN 4 AND 24),
    college         TEXT NOT NULL CHECK (length(college) <= 60),
    major           TEXT NOT NULL CHECK (length(major) <= 60),
    class_name      TEXT NOT NULL CHECK (length(class_name) <= 60),
    year            INTEGER CHECK (year BETWEEN 0 AND 65535),
    PRIMARY KEY (kind, document_kind, document_number)
) STRICT, WITHOUT ROWID;

-- The collection code that an order was made with, as it was read. Payload and picture are purged; the hash tells a second use.
CREATE TABLE collection_codes (
    order_id        BLOB PRIMARY KEY REFERENCES orders (id),
    payload_sha256  BLOB NOT NULL CHECK (length(payload_sha256) = 32),
    read_ms         INTEGER NOT NULL,
    payload         BLOB CHECK (length(payload) BETWEEN 1 AND 2953),
    picture         BLOB CHECK (length(picture) BETWEEN 1 AND 524288),
    CHECK (payload IS NOT NULL OR picture IS NULL)
) STRICT;
CREATE INDEX collection_codes_by_payload ON collection_codes (payload_sha256);

-- How an order's prints reach the student. Address and note are purged; the way stays.
CREATE TABLE deliveries (
    order_id        BLOB PRIMARY KEY REFERENCES orders (id),
    way             TEXT NOT NULL CHECK (way IN ('here', 'counter', 'mail')),
    recipient       TEXT CHECK (length(recipient) BETWEEN 1 AND 40),
    phone           TEXT CHECK (length(phone) BETWEEN 9 AND 16),
    area_code       TEXT CHECK (length(area_code) = 6 AND area_code NOT GLOB '*[^0-9]*'),
    area            TEXT CHECK (length(area) BETWEEN 1 AND 80),
    street          TEXT CHECK (length(street) BETWEEN 1 AND 80),
    note            TEXT CHECK (length(note) BETWEEN 0 AND 200),
    CHECK (way = 'mail' OR coalesce(recipient, phone, area_code, area, street) IS NULL),
    CHECK (CASE WHEN recipient IS NULL THEN coalesce(phone, area_code, area, street) IS NULL
        ELSE phone IS NOT NULL AND area_code IS NOT NULL AND area IS NOT NULL AND street IS NOT NULL END),
    CHECK (way <> 'mail' OR note IS NULL OR recipient IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- What the provider and the central server call a payment that is made by a code on the screen.
CREATE TABLE online_payments (
    payment_id      BLOB PRIMARY KEY REFERENCES payments (id),
    trade_number    TEXT NOT NULL UNIQUE CHECK (length(trade_number) BETWEEN 6 AND 32
                        AND trade_number NOT GLOB '*[^0-9A-Za-z_|*-]*'),
    code_url        TEXT NOT NULL CHECK (length(code_url) BETWEEN 1 AND 512),
    expires_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Orders for more prints of a photo that another order of the same person has.
CREATE TABLE reprints (
    order_id        BLOB PRIMARY KEY REFERENCES orders (id),
    of_order_id     BLOB NOT NULL REFERENCES orders (id),
    CHECK (order_id <> of_order_id)
) STRICT, WITHOUT ROWID;

-- Who asked to be forgotten and waits for it.
CREATE TABLE deletion_requests (
    person_id       BLOB PRIMARY KEY REFERENCES people (id),
    asked_ms        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
