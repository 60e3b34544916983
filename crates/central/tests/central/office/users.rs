//! Users, booths and the audit.

use super::{PASSWORD, Visitor, office};
use crate::bench::{Bench, json};
use central::devices;
use central::office::{Role, audit};
use protocol::Key;
use protocol::enrolment::{Enrol, Enrolled, Invitation};
use reqwest::StatusCode;

async fn id(bench: &Bench, login: &str) -> String {
    let client = bench.central.pool.get().await.unwrap();
    let row = client.query_one("SELECT id FROM users WHERE login = $1", &[&login]).await.unwrap();
    row.get::<_, uuid::Uuid>(0).to_string()
}

#[tokio::test]
async fn an_administrator_changes_users_and_their_sessions_end() {
    let bench = office().await;
    let mut admin = bench.staff("admin", Role::Admin).await;
    for (login, role, wrong) in [
        ("Qian", "viewer", true),
        ("booth", "viewer", true),
        ("qian", "root", true),
        ("qian", "viewer", false),
        ("qian", "viewer", true),
    ] {
        let page = admin.post("/office/users", &[("login", login), ("name", "钱"), ("role", role)]).await;
        assert_eq!(page.status == StatusCode::UNPROCESSABLE_ENTITY, wrong, "{login} {role}");
        assert!(wrong || page.text().contains("id=\"temporary\""), "{}", page.text());
    }
    let mut viewer = bench.staff("viewer", Role::Viewer).await;
    let (user, own) = (id(&bench, "viewer").await, id(&bench, "admin").await);
    let changed =
        admin.post("/office/users/change", &[("user", &user), ("do", "role"), ("role", "cashier")]).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text());
    assert_eq!(
        viewer.get("/office/collections").await.to,
        "/office/login",
        "the session ended with the role"
    );
    let page = admin.post("/office/users/change", &[("user", &user), ("do", "password")]).await;
    let temporary = page.between("id=\"temporary\">", "<");
    let mut again = Visitor::new(bench.address);
    assert_eq!(again.password("main", "viewer", PASSWORD).await.status, StatusCode::FORBIDDEN);
    assert_eq!(again.password("main", "viewer", &temporary).await.to, "/office/second-factor");
    assert!(!again.get("/office/second-factor").await.text().contains("name=\"offer\""), "the factor stays");
    admin.post("/office/users/change", &[("user", &user), ("do", "factor")]).await;
    again.password("main", "viewer", &temporary).await;
    assert!(again.get("/office/second-factor").await.text().contains("name=\"offer\""), "and is set up anew");
    admin.post("/office/users/change", &[("user", &user), ("do", "disable")]).await;
    assert_eq!(again.password("main", "viewer", &temporary).await.status, StatusCode::FORBIDDEN, "disabled");
    let page = admin.post("/office/users/change", &[("user", &own), ("do", "disable")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "not oneself");
    assert_eq!(admin.get("/office/users").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_booth_is_invited_commanded_and_revoked() {
    let bench = office().await;
    let mut admin = bench.staff("admin", Role::Admin).await;
    let page = admin.post("/office/booths/invite", &[("name", "library")]).await;
    let invitation: Invitation = page.between("id=\"invitation\">", "<").parse().unwrap();
    let asked = Enrol {
        code: invitation.code().to_owned(),
        key_sha256: devices::key_hash(&Key([7; 32])),
        booth_number: 3,
        software: "booth".into(),
    };
    let answer = bench.http.post(bench.url("/v1/enrolment")).body(serde_json::to_vec(&asked).unwrap()).send();
    let enrolled: Enrolled = json(answer.await.unwrap()).await;
    let page = admin.post("/office/booths/invite", &[("name", "library")]).await;
    assert!(
        page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text().contains("taken"),
        "{}",
        page.text()
    );
    let way = format!("/office/booths/{}", enrolled.device_id);
    for (fields, given) in [
        (vec![("do", "close")], true),
        (vec![("do", "message"), ("zh", "稍等"), ("en", "")], false),
        (vec![("do", "message"), ("zh", "稍等"), ("en", "Wait")], true),
        (vec![("do", "reprint"), ("number", "038 0000001")], false),
    ] {
        let page = admin.post(&format!("{way}/command"), &fields).await;
        assert_eq!(page.status == StatusCode::SEE_OTHER, given, "{fields:?}");
    }
    assert_eq!(bench.number("SELECT count(*) FROM directory WHERE kind = 'command'", &[]).await, 2);
    assert!(admin.get(&way).await.text().contains("waiting"));
    admin.post(&format!("{way}/rotate"), &[]).await;
    assert_eq!(bench.number("SELECT count(*) FROM devices WHERE rotate_key", &[]).await, 1);
    bench.run("UPDATE devices SET state = 'forked'").await;
    let page = admin.post(&format!("{way}/reinvite"), &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_ne!(page.between("id=\"invitation\">", "<"), invitation.to_string());
    assert_eq!(
        bench.number("SELECT count(*) FROM devices WHERE state = 'invited' AND name = 'library'", &[]).await,
        1
    );
    assert_eq!(bench.number("SELECT count(*) FROM devices WHERE state = 'revoked'", &[]).await, 1);
}

#[tokio::test]
async fn the_audit_shows_what_was_altered() {
    let bench = office().await;
    let mut admin = bench.staff("admin", Role::Admin).await;
    let client = bench.central.pool.get().await.unwrap();
    let sound = audit::verify(&**client, bench.campus).await.unwrap();
    assert_eq!((sound.rows, sound.altered), (4, None), "added, set up, logged in, password");
    assert!(admin.get("/office/audit?check=1").await.text().contains("The record is whole"));
    for statement in ["UPDATE audit SET detail = 'x'", "DELETE FROM audit", "TRUNCATE audit"] {
        assert!(client.batch_execute(statement).await.is_err(), "{statement}");
    }
    bench
        .run("ALTER TABLE audit DISABLE TRIGGER ALL; UPDATE audit SET actor = 'other' WHERE place = 2")
        .await;
    let found = audit::verify(&**client, bench.campus).await.unwrap();
    assert_eq!((found.rows, found.altered), (1, Some(2)));
    assert!(admin.get("/office/audit?check=1").await.text().contains("altered from this row on: 2"));
    bench.run("DELETE FROM audit WHERE place = 2").await;
    assert_eq!(audit::verify(&**client, bench.campus).await.unwrap().altered, Some(3), "a row that is gone");
}
