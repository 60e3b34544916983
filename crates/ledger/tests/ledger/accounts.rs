use crate::support::{Campus, document, draft, email, now, person, raw};
use domain::PersonId;
use domain::document::Sex;
use ledger::{LedgerError, NewAccount};

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNo";

fn registered(campus: &Campus) -> PersonId {
    let order = draft(&campus.ledger, 1).unwrap();
    campus.ledger.read().order(order).unwrap().person
}

#[test]
fn who_registered_is_known_again() {
    let campus = Campus::new();
    assert_eq!(campus.ledger.read().known(&document(1)).unwrap(), None, "nobody yet");
    let id = registered(&campus);
    let known = campus.ledger.read().known(&document(1)).unwrap().unwrap();
    assert_eq!(known.person.id, id, "the person");
    assert_eq!((known.email, known.gender), (Some(email()), Some(Sex::Female)), "with the account");
    assert_eq!((known.password_hash, known.wrong_tries), (None, 0), "the first password still holds");
    let shown = format!("{:?} {:?}", campus.ledger.read().known(&document(1)).unwrap(), person(1));
    for personal in ["张三", "00000001", "example.edu", "Female"] {
        assert!(!shown.contains(personal), "{shown} shows {personal}");
    }
}

#[test]
fn what_is_said_later_is_added_and_silence_takes_nothing() {
    let campus = Campus::new();
    let order = draft(&campus.ledger, 1).unwrap();
    let id = campus.ledger.read().order(order).unwrap().person;
    campus.ledger.set_password(id, HASH, now()).unwrap();
    campus.ledger.cancel_order(order, None, crate::support::by(ledger::Actor::Student)).unwrap();
    raw(&campus.path()).execute("UPDATE accounts SET gender = NULL", []).unwrap();
    let mut again = person(1);
    again.account = Some(NewAccount { email: None, gender: Some(Sex::Male) });
    crate::support::draft_by(&campus.ledger, &again).unwrap();
    let known = campus.ledger.read().known(&document(1)).unwrap().unwrap();
    assert_eq!((known.email, known.gender), (Some(email()), Some(Sex::Male)), "the e-mail address stays");
    assert_eq!(known.password_hash.as_deref(), Some(HASH), "and the password");
}

#[test]
fn wrong_tries_count_in_a_row() {
    let campus = Campus::new();
    let id = registered(&campus);
    let tries = [false, false, true, false].map(|succeeded| {
        let counted = campus.ledger.note_login(id, succeeded, now()).unwrap();
        assert_eq!(campus.ledger.read().known(&document(1)).unwrap().unwrap().wrong_tries, counted, "kept");
        counted
    });
    assert_eq!(tries, [1, 2, 0, 1], "a right one begins anew");
    campus.ledger.set_password(id, HASH, now()).unwrap();
    assert_eq!(
        campus.ledger.read().known(&document(1)).unwrap().unwrap().wrong_tries,
        0,
        "so does a new password"
    );
    let said: String = raw(&campus.path())
        .query_row(
            "SELECT group_concat(action || ' ' || detail, ', ') FROM audit WHERE action GLOB '[lp]*'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(
        said, "login.failed 1, login.failed 2, login.succeeded 0, login.failed 1, password.set ",
        "the audit knows when, and nothing personal"
    );
}

#[test]
fn only_a_hash_of_somebody_is_taken() {
    let campus = Campus::new();
    let id = registered(&campus);
    for wrong in ["", "002X88", "$short", &format!("${}", "x".repeat(255)), "$密码密码密码密码密码密码密码"]
    {
        let refused = campus.ledger.set_password(id, wrong, now());
        assert!(matches!(refused, Err(LedgerError::Unfit { .. })), "{wrong}: {refused:?}");
    }
    let nobody = person(2).id;
    let refused = campus.ledger.set_password(nobody, HASH, now());
    assert!(matches!(refused, Err(LedgerError::Missing { .. })), "{refused:?}");
    let refused = campus.ledger.note_login(nobody, true, now());
    assert!(matches!(refused, Err(LedgerError::Missing { .. })), "{refused:?}");
}

#[test]
fn somebody_without_an_account_gets_one_when_it_is_needed() {
    let campus = Campus::new();
    let id = registered(&campus);
    raw(&campus.path()).execute("DELETE FROM accounts", []).unwrap();
    assert_eq!(campus.ledger.read().known(&document(1)).unwrap().unwrap().email, None, "known all the same");
    assert_eq!(campus.ledger.note_login(id, false, now()).unwrap(), 1, "the try counts");
    campus.ledger.set_password(id, HASH, now()).unwrap();
    assert!(campus.ledger.read().known(&document(1)).unwrap().unwrap().password_hash.is_some(), "and is set");
}
