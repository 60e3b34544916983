use crate::support::{Campus, accept, by, print_all, raw, with_candidate};
use domain::programme::Approval;
use ledger::{Actor, Deed, LedgerError};

#[test]
fn every_change_of_state_leaves_a_row() {
    let campus = Campus::new();
    let (order, photo) = with_candidate(&campus.ledger, 1, Approval::Booth);
    accept(&campus.ledger, order, photo).unwrap();
    print_all(&campus.ledger, order);
    let connection = raw(&campus.path());
    let mut statement =
        connection.prepare("SELECT action, actor FROM audit WHERE subject = ?1 ORDER BY sequence").unwrap();
    let rows: Vec<(String, String)> = statement
        .query_map([order.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    let rows: Vec<_> = rows.iter().map(|(action, actor)| (action.as_str(), actor.as_str())).collect();
    assert_eq!(
        rows,
        [
            ("order.place", "student"),
            ("order.settle", "staff"),
            ("order.accept_photo", "student"),
            ("order.submit", "booth"),
            ("order.approve", "booth"),
            ("order.fulfil", "booth"),
            ("order.complete", "booth"),
        ],
        "who did what, in order"
    );
    let head = campus.ledger.read().verify_audit().unwrap();
    assert_eq!(head, campus.ledger.read().audit_head().unwrap(), "the chain ends in the head");
    campus.ledger.read().check().unwrap();
}

#[test]
fn the_audit_is_never_changed_and_a_change_past_the_triggers_shows() {
    let campus = Campus::new();
    for action in ["photo.viewed", "order.viewed", "person.viewed"] {
        campus.ledger.record_deed(by(Actor::Staff), Deed { action, subject: "x", detail: "" }).unwrap();
    }
    let connection = raw(&campus.path());
    for sql in ["UPDATE audit SET action = 'nothing'", "DELETE FROM audit"] {
        let refused = connection.execute(sql, []).unwrap_err().to_string();
        assert!(refused.contains("the audit is never"), "{sql}: {refused}");
    }
    connection
        .execute_batch("DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_deleted")
        .unwrap();
    connection.execute("UPDATE audit SET detail = 'nothing to see' WHERE sequence = 2", []).unwrap();
    let broken = campus.ledger.read().verify_audit();
    assert!(matches!(broken, Err(LedgerError::AuditBroken { sequence: 2 })), "{broken:?}");
    connection.execute("UPDATE audit SET detail = '' WHERE sequence = 2", []).unwrap();
    campus.ledger.read().verify_audit().unwrap();
    connection.execute("DELETE FROM audit WHERE sequence = 2", []).unwrap();
    let broken = campus.ledger.read().verify_audit();
    assert!(matches!(broken, Err(LedgerError::AuditBroken { sequence: 2 })), "a gap shows: {broken:?}");
}
