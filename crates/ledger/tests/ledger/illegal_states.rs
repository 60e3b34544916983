//! What the machines refuse, the file refuses too: here somebody with the key writes past them.

use crate::support::{Campus, accept, place, place_with, posted, raw, with_candidate};
use domain::payment::Means;
use domain::programme::Approval;

#[test]
fn states_that_can_not_be_are_refused_by_the_file() {
    let campus = Campus::new();
    place(&campus.ledger, 1, Approval::Booth, Means::Counter).unwrap();
    let (order, photo) = with_candidate(&campus.ledger, 2, Approval::Central);
    accept(&campus.ledger, order, photo).unwrap();
    place_with(&campus.ledger, 3, Approval::Booth, Means::Counter, &posted(), None).unwrap();
    let connection = raw(&campus.path());
    for (rule, sql) in [
        ("an unknown state", "UPDATE orders SET state = 'sold'"),
        ("a submitted order without a photo", "UPDATE orders SET state = 'submitted' WHERE photo_id IS NULL"),
        ("a photo taken from its order", "UPDATE orders SET photo_id = NULL WHERE photo_id IS NOT NULL"),
        (
            "another order's photo",
            "UPDATE orders SET state = 'submitted', photo_id = (SELECT id FROM photos) WHERE photo_id IS NULL",
        ),
        ("an order of nobody", "UPDATE orders SET person_id = zeroblob(16)"),
        ("an id that is none", "UPDATE payments SET id = x'00'"),
        ("an amount below nothing", "UPDATE orders SET amount_fen = -1"),
        ("a text for a number", "UPDATE orders SET amount_fen = 'much'"),
        ("a way that is none", "UPDATE deliveries SET way = 'pigeon'"),
        ("an address without a street", "UPDATE deliveries SET street = NULL WHERE way = 'mail'"),
        (
            "a posted print to nowhere",
            "UPDATE deliveries SET recipient = NULL, phone = NULL, area_code = NULL,
             area = NULL, street = NULL WHERE way = 'mail'",
        ),
        ("an address for what is printed here", "UPDATE deliveries SET way = 'here' WHERE way = 'mail'"),
        ("an area that is no number", "UPDATE deliveries SET area_code = '33010a' WHERE way = 'mail'"),
        ("a password that is no hash", "UPDATE accounts SET password_hash = 'plainly written password'"),
        ("an account of nobody", "UPDATE accounts SET person_id = zeroblob(16)"),
        (
            "a picture without its code",
            "INSERT INTO collection_codes
             SELECT id, zeroblob(32), 1, NULL, x'01' FROM orders LIMIT 1",
        ),
        ("a reprint of itself", "INSERT INTO reprints SELECT id, id FROM orders LIMIT 1"),
        (
            "a trade with a space",
            "INSERT INTO online_payments SELECT id, 'a trade', 'weixin:', 1 FROM payments LIMIT 1",
        ),
        ("money without a time", "UPDATE payments SET state = 'settled', settled_ms = NULL"),
        ("a time without money", "UPDATE payments SET settled_ms = 1 WHERE state = 'pending'"),
        ("an accepted photo without pixels", "UPDATE photos SET original = NULL"),
        ("an official photo that failed", "UPDATE photos SET state = 'failed' WHERE official IS NOT NULL"),
        ("a hash of another length", "UPDATE photos SET original_sha256 = x'00'"),
        ("measures that are no JSON", "UPDATE photos SET measures = '{'"),
        ("a job to print without a document", "UPDATE print_jobs SET document = NULL"),
        ("a printing job with a fault", "UPDATE print_jobs SET state = 'printing', fault = 'jam'"),
        ("a pending event without payload", "UPDATE outbox SET payload = NULL"),
        ("an answer without a time", "UPDATE outbox SET state = 'acknowledged'"),
        ("a person half forgotten", "UPDATE people SET name = NULL"),
        ("a forgotten person's name", "UPDATE people SET purged_ms = 1"),
        ("a second device", "INSERT INTO device VALUES (2, zeroblob(16), 0, 0, 0)"),
        ("a person with orders deleted", "DELETE FROM people"),
    ] {
        let refused = connection.execute(sql, []);
        let constraint = refused.as_ref().err().and_then(rusqlite::Error::sqlite_error_code)
            == Some(rusqlite::ErrorCode::ConstraintViolation);
        assert!(constraint, "{rule} must not be written: {refused:?}");
    }
}
