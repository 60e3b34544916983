-- The central server's tables, PostgreSQL 15 or newer. Times are milliseconds since 1970-01-01T00:00:00Z, amounts are fen.
-- Every row of a campus begins with the campus: nothing is looked up without it. Personal columns stand in collections, roster,
-- and nowhere else; photos are objects beside the database, named by campus and SHA-256.

CREATE TABLE campuses (
    id                  uuid PRIMARY KEY,
    code                text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9-]{2,32}$'),
    name_zh             text NOT NULL CHECK (length(name_zh) BETWEEN 1 AND 60),
    name_en             text NOT NULL CHECK (length(name_en) BETWEEN 1 AND 60),
    -- The end of the directory. Whoever writes into the directory takes positions here, and holds the row until the commit: so
    -- positions become visible in their order, and a booth's cursor passes over nothing.
    directory_end       bigint NOT NULL DEFAULT 0 CHECK (directory_end >= 0),
    created_ms          bigint NOT NULL
);

-- Booths.

CREATE TABLE devices (
    id                  uuid PRIMARY KEY,
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    name                text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    booth_number        integer CHECK (booth_number BETWEEN 1 AND 999),
    state               text NOT NULL CHECK (state IN ('invited', 'active', 'forked', 'revoked')),
    -- Enrolment: the code works once, for one key.
    code_sha256         bytea UNIQUE CHECK (length(code_sha256) = 32),
    code_until_ms       bigint,
    key_sha256          bytea CHECK (length(key_sha256) = 32),
    next_key_sha256     bytea CHECK (length(next_key_sha256) = 32),
    key_since_ms        bigint,
    rotate_key          boolean NOT NULL DEFAULT false,
    created_ms          bigint NOT NULL,
    UNIQUE (campus_id, name),
    CHECK ((state = 'invited') = (key_sha256 IS NULL) OR state = 'revoked')
);

-- What a device said last. A table of its own, because it is written twice a minute.
CREATE TABLE device_health (
    device_id           uuid PRIMARY KEY REFERENCES devices (id),
    seen_ms             bigint NOT NULL,
    skew_ms             bigint NOT NULL,
    instance            uuid NOT NULL,
    -- Runs of the booth's program before this one, newest first, and how often one of them has come back.
    former_instances    uuid[] NOT NULL DEFAULT '{}',
    returns             integer NOT NULL DEFAULT 0,
    heartbeat           jsonb NOT NULL
) WITH (fillfactor = 50);

-- Stretches of a device's sequence, in the order in which they were first seen.
CREATE TABLE epochs (
    device_id           uuid NOT NULL REFERENCES devices (id),
    epoch               bytea NOT NULL CHECK (length(epoch) = 16),
    ordinal             integer NOT NULL CHECK (ordinal >= 1),
    -- Up to here everything was applied or rejected; beyond it nothing was.
    mark                bigint NOT NULL CHECK (mark >= 0),
    first_seen_ms       bigint NOT NULL,
    PRIMARY KEY (device_id, epoch),
    UNIQUE (device_id, ordinal)
) WITH (fillfactor = 50);

-- What booths write: events, blobs, orders, payments, collections. Their campus and device are those of the device's own row, which
-- whoever writes holds locked or has just read; a foreign key would look each of them up once more for every row, which was a third
-- of what a batch cost PostgreSQL. Devices and campuses are never deleted while such rows name them.

-- Every event that was answered for good. What it said stands in the tables below, not here.
CREATE TABLE events (
    campus_id           uuid NOT NULL,
    event_id            uuid NOT NULL,
    device_id           uuid NOT NULL,
    epoch_ordinal       integer NOT NULL,
    sequence            bigint NOT NULL CHECK (sequence >= 1),
    kind                text NOT NULL,
    outcome             text NOT NULL CHECK (outcome IN ('applied', 'rejected', 'purged')),
    reason              text,
    received_ms         bigint NOT NULL,
    PRIMARY KEY (campus_id, event_id),
    UNIQUE (device_id, epoch_ordinal, sequence),
    CHECK ((reason IS NOT NULL) = (outcome = 'rejected'))
);
-- Rows stand in the order of their time, so a small index finds the old ones.
CREATE INDEX events_by_time ON events USING brin (received_ms);
CREATE INDEX events_rejected ON events (campus_id, received_ms) WHERE outcome = 'rejected';

CREATE TABLE blobs (
    campus_id           uuid NOT NULL,
    sha256              bytea NOT NULL CHECK (length(sha256) = 32),
    bytes               bigint NOT NULL CHECK (bytes >= 0),
    -- Of a JPEG file whose head could be read; nothing of anything else.
    width               integer,
    height              integer,
    -- When an upload of it began last.
    stored_ms           bigint NOT NULL,
    -- Whether an upload has ended: only then is the object there.
    stored              boolean NOT NULL,
    -- The object is about to be deleted, and the row behind it: whoever finds this must not rely on the object.
    gone                boolean NOT NULL DEFAULT false,
    PRIMARY KEY (campus_id, sha256)
);
CREATE INDEX blobs_by_time ON blobs (stored_ms);

-- What booths did.

CREATE TABLE orders (
    campus_id           uuid NOT NULL,
    id                  uuid NOT NULL,
    device_id           uuid NOT NULL,
    number              text NOT NULL CHECK (length(number) BETWEEN 1 AND 32),
    programme           text NOT NULL CHECK (length(programme) BETWEEN 1 AND 64),
    amount_fen          bigint NOT NULL CHECK (amount_fen BETWEEN 0 AND 1000000),
    sheets              integer NOT NULL CHECK (sheets BETWEEN 0 AND 1000),
    prints              jsonb NOT NULL,
    delivery            text NOT NULL CHECK (delivery IN ('here', 'counter', 'mail')),
    reprint_of          uuid,
    disputed            text[] NOT NULL,
    placed_ms           bigint NOT NULL,
    ended               text CHECK (ended IN ('cancelled', 'expired')),
    ended_ms            bigint,
    PRIMARY KEY (campus_id, id)
);
CREATE INDEX orders_by_time ON orders (campus_id, placed_ms);
-- As people type a number: without its spaces.
CREATE INDEX orders_by_number ON orders (campus_id, device_id, replace(number, ' ', ''));

CREATE TABLE payments (
    campus_id           uuid NOT NULL,
    id                  uuid NOT NULL,
    order_id            uuid NOT NULL,
    device_id           uuid NOT NULL,
    means               text NOT NULL CHECK (means IN ('counter', 'school', 'wechat_pay', 'alipay')),
    amount_fen          bigint NOT NULL CHECK (amount_fen BETWEEN 0 AND 1000000),
    settled_ms          bigint NOT NULL,
    refunded_ms         bigint,
    PRIMARY KEY (campus_id, id)
);
CREATE INDEX payments_by_order ON payments (campus_id, order_id);
CREATE INDEX payments_by_time ON payments (campus_id, settled_ms);

-- Photos that students accepted. The personal columns are emptied when their time is over, and the blob goes with them.
CREATE TABLE collections (
    campus_id           uuid NOT NULL,
    photo_id            uuid NOT NULL,
    order_id            uuid NOT NULL,
    device_id           uuid NOT NULL,
    order_number        text NOT NULL CHECK (length(order_number) BETWEEN 1 AND 32),
    programme           text NOT NULL CHECK (length(programme) BETWEEN 1 AND 64),
    name                text CHECK (length(name) BETWEEN 1 AND 40),
    document_kind       text CHECK (length(document_kind) BETWEEN 1 AND 40),
    document_number     text CHECK (length(document_number) BETWEEN 6 AND 18),
    student_number      text CHECK (length(student_number) BETWEEN 0 AND 24),
    phone               text CHECK (length(phone) BETWEEN 0 AND 16),
    email               text CHECK (length(email) BETWEEN 3 AND 254),
    gender              text CHECK (gender IN ('male', 'female')),
    sha256              bytea NOT NULL CHECK (length(sha256) = 32),
    specification       text NOT NULL CHECK (length(specification) BETWEEN 1 AND 64),
    measures            jsonb NOT NULL,
    submitted_ms        bigint NOT NULL,
    received_ms         bigint NOT NULL,
    state               text NOT NULL CHECK (state IN ('submitted', 'approved', 'rejected')),
    -- Who decided: `booth`, or a user of the office.
    decided_by          text,
    decided_ms          bigint,
    -- When central itself last heard of it: of the photo, or of a decision on it. Booths' clocks may be years off, so what is forgotten
    -- when is counted from here.
    heard_ms            bigint NOT NULL,
    reason              text CHECK (length(reason) <= 200),
    purged_ms           bigint,
    PRIMARY KEY (campus_id, photo_id),
    CHECK ((state = 'submitted') = (decided_ms IS NULL)),
    CHECK (CASE WHEN purged_ms IS NULL THEN name IS NOT NULL AND document_number IS NOT NULL
        ELSE coalesce(name, document_kind, document_number, student_number, phone, email, gender) IS NULL END)
);
CREATE INDEX collections_by_order ON collections (campus_id, order_id);
CREATE INDEX collections_by_state ON collections (campus_id, programme, state, submitted_ms DESC);
-- The office's list, newest first, and what waits for it, oldest first.
CREATE INDEX collections_by_time ON collections (campus_id, submitted_ms, photo_id);
CREATE INDEX collections_waiting ON collections (campus_id, submitted_ms, photo_id) WHERE state = 'submitted' AND purged_ms IS NULL;
CREATE INDEX collections_by_document ON collections (campus_id, document_kind, document_number);
CREATE INDEX collections_by_blob ON collections (campus_id, sha256) WHERE purged_ms IS NULL;
-- As people type a search: a student number, an order's number without its spaces, characters of a name.
CREATE INDEX collections_by_student ON collections (campus_id, student_number);
CREATE INDEX collections_by_number ON collections (campus_id, replace(order_number, ' ', ''));
CREATE INDEX collections_by_letters ON collections USING gin (string_to_array(lower(name), NULL));
CREATE INDEX collections_to_purge ON collections (heard_ms) WHERE purged_ms IS NULL;

-- Students who asked to be forgotten, by their orders. The row stays as long as events are remembered: a collection may come later.
CREATE TABLE deletion_requests (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    order_id            uuid NOT NULL,
    -- By the booth's clock, and when central heard of it.
    asked_ms            bigint NOT NULL,
    received_ms         bigint NOT NULL,
    PRIMARY KEY (campus_id, order_id)
);

-- What booths are told: the newest value of every key, and where it was last changed.

CREATE TABLE directory (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    kind                text NOT NULL CHECK (kind IN ('programme', 'price', 'notice', 'review', 'refund', 'setting', 'command')),
    key                 text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    -- For this booth alone; nothing: for every booth of the campus.
    device_id           uuid REFERENCES devices (id),
    body                jsonb NOT NULL,
    position            bigint NOT NULL,
    changed_ms          bigint NOT NULL,
    PRIMARY KEY (campus_id, kind, key)
);
CREATE UNIQUE INDEX directory_by_position ON directory (campus_id, position);
CREATE INDEX directory_by_device ON directory (campus_id, device_id, position);

-- Whom the school sends. An entry that was taken back stays without the person, so that booths hear of it.
CREATE TABLE roster (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    list                text NOT NULL CHECK (list IN ('degree', 'freshman', 'general')),
    document_kind       text NOT NULL CHECK (length(document_kind) BETWEEN 1 AND 40),
    document_number     text NOT NULL CHECK (length(document_number) BETWEEN 6 AND 18),
    name                text CHECK (length(name) BETWEEN 1 AND 40),
    student_number      text CHECK (length(student_number) BETWEEN 1 AND 24),
    college             text CHECK (length(college) <= 60),
    major               text CHECK (length(major) <= 60),
    class_name          text CHECK (length(class_name) <= 60),
    year                integer CHECK (year BETWEEN 0 AND 65535),
    position            bigint NOT NULL,
    PRIMARY KEY (campus_id, list, document_kind, document_number),
    CHECK ((name IS NULL) = (student_number IS NULL)),
    CHECK (name IS NOT NULL OR coalesce(college, major, class_name) IS NULL)
);
CREATE UNIQUE INDEX roster_by_position ON roster (campus_id, position);
CREATE INDEX roster_by_college ON roster (campus_id, list, college) WHERE name IS NOT NULL;

-- Which list a programme of the campus is compared with, and what it is called.
CREATE TABLE programmes (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    id                  text NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    list                text NOT NULL CHECK (list IN ('degree', 'freshman', 'general')),
    title_zh            text NOT NULL,
    title_en            text NOT NULL,
    approval            text NOT NULL CHECK (approval IN ('booth', 'staff', 'central')),
    -- Booths no longer offer it; its photos keep its title and its way of approval.
    withdrawn           boolean NOT NULL DEFAULT false,
    PRIMARY KEY (campus_id, id)
);

-- What became of commands; what is to be done stands in the directory under the same id.
CREATE TABLE commands (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    id                  uuid NOT NULL,
    device_id           uuid NOT NULL REFERENCES devices (id),
    given_by            text NOT NULL,
    given_ms            bigint NOT NULL,
    done                boolean,
    reason              text,
    done_ms             bigint,
    PRIMARY KEY (campus_id, id)
);
CREATE INDEX commands_by_device ON commands (device_id, given_ms);

-- Payments by a code on the screen.

-- A merchant's file, sealed with central's key: AES-256-GCM, nonce first, the campus and the provider as associated data.
CREATE TABLE merchants (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    provider            text NOT NULL CHECK (provider IN ('wechat_pay', 'alipay')),
    sealed              bytea NOT NULL,
    demonstration       boolean NOT NULL,
    changed_ms          bigint NOT NULL,
    PRIMARY KEY (campus_id, provider)
);

CREATE TABLE trades (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    number              text NOT NULL CHECK (number ~ '^[0-9A-Za-z_]{6,32}$'),
    provider            text NOT NULL CHECK (provider IN ('wechat_pay', 'alipay')),
    device_id           uuid NOT NULL REFERENCES devices (id),
    order_id            uuid NOT NULL,
    amount_fen          bigint NOT NULL CHECK (amount_fen BETWEEN 1 AND 1000000),
    description         text NOT NULL CHECK (length(description) BETWEEN 1 AND 40),
    -- opening: the provider may have it or not. closing: it was given up here, and the provider hasn't confirmed that.
    state               text NOT NULL CHECK (state IN ('opening', 'open', 'closing', 'closed', 'paid', 'wrong_amount',
                            'refunding', 'refunded')),
    code_url            text CHECK (length(code_url) BETWEEN 1 AND 512),
    opened_ms           bigint NOT NULL,
    expires_ms          bigint NOT NULL,
    -- What the provider calls the payment, what came and when.
    transaction_id      text CHECK (length(transaction_id) BETWEEN 1 AND 64),
    received_fen        bigint CHECK (received_fen >= 0),
    paid_ms             bigint,
    -- Once nobody waits for it, it is asked about at these times.
    look_ms             bigint,
    looks               integer NOT NULL DEFAULT 0,
    PRIMARY KEY (campus_id, number),
    -- Of a wrong amount the provider may say only that it is another one.
    CHECK (CASE WHEN state IN ('paid', 'refunding', 'refunded') THEN received_fen IS NOT NULL AND paid_ms IS NOT NULL
        ELSE received_fen IS NULL OR state = 'wrong_amount' END)
);
CREATE INDEX trades_by_time ON trades (campus_id, opened_ms, number);
CREATE INDEX trades_by_order ON trades (campus_id, order_id);
CREATE INDEX trades_to_look_at ON trades (provider, look_ms) WHERE look_ms IS NOT NULL;
CREATE INDEX trades_by_paid ON trades (campus_id, paid_ms) WHERE paid_ms IS NOT NULL;

CREATE TABLE refunds (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    number              text NOT NULL CHECK (number ~ '^[0-9A-Za-z_]{6,32}$'),
    trade_number        text NOT NULL,
    amount_fen          bigint NOT NULL CHECK (amount_fen BETWEEN 1 AND 1000000),
    -- Why: late (paid after closing), second (another payment settled the order), asked (by a booth or the office).
    cause               text NOT NULL CHECK (cause IN ('late', 'second', 'asked')),
    -- failed: the provider refused for days. by_hand: the office gave the money back otherwise, and says how in the note.
    state               text NOT NULL CHECK (state IN ('wanted', 'accepted', 'done', 'failed', 'by_hand')),
    asked_by            text NOT NULL,
    asked_ms            bigint NOT NULL,
    done_ms             bigint,
    fault               text,
    -- How often the provider has refused since it was last asked for.
    refusals            integer NOT NULL DEFAULT 0,
    settled_by          text,
    note                text CHECK (length(note) BETWEEN 1 AND 200),
    look_ms             bigint,
    looks               integer NOT NULL DEFAULT 0,
    PRIMARY KEY (campus_id, number),
    CHECK ((state = 'by_hand') = (note IS NOT NULL) AND (note IS NULL) = (settled_by IS NULL)),
    UNIQUE (campus_id, trade_number),
    FOREIGN KEY (campus_id, trade_number) REFERENCES trades (campus_id, number)
);
CREATE INDEX refunds_to_look_at ON refunds (look_ms) WHERE look_ms IS NOT NULL;

-- A day's bill of a provider, compared with the trades.
CREATE TABLE bills (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    provider            text NOT NULL CHECK (provider IN ('wechat_pay', 'alipay')),
    day                 date NOT NULL,
    state               text NOT NULL CHECK (state IN ('wanted', 'agrees', 'differs')),
    payments            integer,
    paid_fen            bigint,
    refunds             integer,
    refunded_fen        bigint,
    compared_ms         bigint,
    wanted_ms           bigint NOT NULL,
    look_ms             bigint,
    looks               integer NOT NULL DEFAULT 0,
    PRIMARY KEY (campus_id, provider, day)
);
CREATE INDEX bills_to_look_at ON bills (look_ms) WHERE look_ms IS NOT NULL;

-- Where trades disagree with a bill, or with the payments that booths tell.
CREATE TABLE bill_differences (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    provider            text NOT NULL,
    day                 date NOT NULL,
    number              text NOT NULL,
    -- Of a bill, each of a payment or of a refund: only_here, only_there, amount. unbooked: a trade was paid, and no booth told a payment.
    -- no_trade: a booth told a payment, and no trade was paid.
    sort                text NOT NULL CHECK (sort IN ('only_here', 'only_there', 'amount', 'unbooked', 'no_trade')),
    of_refund           boolean NOT NULL,
    here_fen            bigint,
    there_fen           bigint,
    settled_by          text,
    settled_ms          bigint,
    note                text,
    PRIMARY KEY (campus_id, provider, day, number, of_refund, sort)
);
CREATE INDEX bill_differences_open ON bill_differences (campus_id, day) WHERE settled_ms IS NULL;

-- The office.

CREATE TABLE users (
    id                  uuid PRIMARY KEY,
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    login               text NOT NULL CHECK (login ~ '^[a-z0-9._-]{2,40}$'),
    name                text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    -- viewer: looks. reviewer: approves, rejects, exports. cashier: payments and refunds. admin: all of it, users and booths.
    role                text NOT NULL CHECK (role IN ('viewer', 'reviewer', 'cashier', 'admin')),
    password_hash       text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    must_change         boolean NOT NULL,
    -- The second factor's secret, sealed as merchants are; nothing until the user has set it up.
    totp_sealed         bytea,
    totp_step           bigint,
    wrong_tries         integer NOT NULL DEFAULT 0,
    locked_until_ms     bigint,
    disabled_ms         bigint,
    created_ms          bigint NOT NULL,
    UNIQUE (campus_id, login)
);

CREATE TABLE office_sessions (
    token_sha256        bytea PRIMARY KEY CHECK (length(token_sha256) = 32),
    user_id             uuid NOT NULL REFERENCES users (id),
    -- Whether the second factor was given.
    complete            boolean NOT NULL,
    created_ms          bigint NOT NULL,
    seen_ms             bigint NOT NULL
);
CREATE INDEX office_sessions_by_user ON office_sessions (user_id);

-- Who did what at the office. Each row's hash covers the row before it of the campus; nothing is ever changed here.
CREATE TABLE audit (
    campus_id           uuid NOT NULL REFERENCES campuses (id),
    place               bigint NOT NULL CHECK (place >= 1),
    at_ms               bigint NOT NULL,
    actor               text NOT NULL,
    action              text NOT NULL,
    subject             text NOT NULL,
    detail              text NOT NULL,
    previous            bytea NOT NULL CHECK (length(previous) = 32),
    hash                bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (campus_id, place)
);
CREATE FUNCTION audit_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit is never changed'; END $$;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_never_changed();

-- Which instance of central does what only one may do, and until when.
CREATE TABLE leases (
    name                text PRIMARY KEY,
    holder              uuid NOT NULL,
    until_ms            bigint NOT NULL
);
