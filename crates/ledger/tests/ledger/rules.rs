//! What must hold of the file after every commit, asked past the ledger.

use crate::support::raw;
use std::path::Path;

/// What must hold after every commit, each as a question that must have no answer.
const NEVER: [(&str, &str); 14] = [
    (
        "a settled order has a payment that was settled",
        "SELECT id FROM orders o WHERE state NOT IN ('draft', 'awaiting_payment', 'cancelled', 'expired') AND NOT EXISTS
         (SELECT 1 FROM payments WHERE order_id = o.id AND state IN ('settled', 'refunding', 'refunded'))",
    ),
    (
        "a placed order has exactly its lines' amount",
        "SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM payments WHERE order_id = o.id) AND amount_fen <>
         (SELECT coalesce(sum(quantity * unit_fen), -1) FROM order_lines WHERE order_id = o.id)",
    ),
    (
        "an accepted order has exactly one accepted photo, its own",
        "SELECT id FROM orders o WHERE state IN ('photographed', 'submitted', 'approved', 'rejected', 'fulfilled',
         'completed') AND (SELECT group_concat(hex(id)) FROM photos WHERE order_id = o.id AND (state = 'accepted'
         OR state = 'purged' AND id = o.photo_id)) IS NOT hex(photo_id)",
    ),
    ("no order rests between photo and submission", "SELECT id FROM orders WHERE state IN ('photographed', 'fulfilled')"),
    (
        "an accepted order told of its collection once for each acceptance",
        "SELECT id FROM orders o WHERE photo_id IS NOT NULL AND (SELECT count(*) FROM outbox WHERE order_id = o.id AND
         kind = 'collection_submitted') <> (SELECT count(*) FROM audit WHERE action = 'order.accept_photo' AND
         replace(subject, '-', '') = lower(hex(o.id)))",
    ),
    (
        "every order that was placed told of it",
        "SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM payments WHERE order_id = o.id) AND NOT EXISTS
         (SELECT 1 FROM outbox WHERE order_id = o.id AND kind = 'order_placed')",
    ),
    (
        "what central was never said to have has its payload",
        "SELECT place FROM outbox WHERE payload IS NULL AND had_ms IS NULL",
    ),
    (
        "an epoch's sequence has no gap",
        "SELECT epoch FROM outbox GROUP BY epoch HAVING max(sequence) <> count(*) OR min(sequence) <> 1",
    ),
    (
        "a given-up order waits for no money",
        "SELECT o.id FROM orders o JOIN payments p ON p.order_id = o.id WHERE o.state IN ('cancelled', 'expired')
         AND p.state = 'pending'",
    ),
    (
        "a completed order has nothing left to print but what central asked for again",
        "SELECT o.id FROM orders o JOIN print_jobs j ON j.order_id = o.id WHERE o.state = 'completed'
         AND j.state NOT IN ('done', 'cancelled') AND j.id NOT IN (SELECT job_id FROM repeated_jobs)",
    ),
    (
        "of a purged person nothing is kept",
        "SELECT o.id FROM people p JOIN orders o ON o.person_id = p.id WHERE p.purged_ms IS NOT NULL AND (
         EXISTS (SELECT 1 FROM photos WHERE order_id = o.id AND coalesce(original, official) IS NOT NULL) OR
         EXISTS (SELECT 1 FROM print_jobs WHERE order_id = o.id AND document IS NOT NULL) OR
         EXISTS (SELECT 1 FROM outbox WHERE order_id = o.id AND payload IS NOT NULL AND created_ms < p.purged_ms) OR
         EXISTS (SELECT 1 FROM collection_codes WHERE order_id = o.id AND coalesce(payload, picture) IS NOT NULL) OR
         EXISTS (SELECT 1 FROM deliveries WHERE order_id = o.id
             AND coalesce(recipient, phone, area_code, area, street, note) IS NOT NULL) OR
         EXISTS (SELECT 1 FROM accounts WHERE person_id = p.id) OR
         EXISTS (SELECT 1 FROM deletion_requests WHERE person_id = p.id))",
    ),
    (
        "nothing is printed of a photo that waits for its approval",
        "SELECT o.id FROM orders o JOIN print_jobs j ON j.order_id = o.id WHERE o.state = 'submitted'
         AND j.state <> 'cancelled' AND (j.state <> 'held' OR j.fault IS NOT 'awaiting_approval')",
    ),
    (
        "an order that is settled waits for no money",
        "SELECT o.id FROM orders o JOIN payments p ON p.order_id = o.id WHERE p.state = 'pending'
         AND o.state <> 'awaiting_payment'",
    ),
    (
        "an order that was placed says how its prints are got",
        "SELECT order_id FROM payments WHERE order_id NOT IN (SELECT order_id FROM deliveries)",
    ),
];

/// The first rule that the file breaks.
pub fn broken_rule(path: &Path) -> Option<&'static str> {
    let connection = raw(path);
    let has_row = |sql: &str| connection.prepare(sql).unwrap().exists([]).unwrap();
    if has_row("PRAGMA foreign_key_check") {
        return Some("every reference leads somewhere");
    }
    NEVER.iter().find(|(_, sql)| has_row(sql)).map(|(rule, _)| *rule)
}
