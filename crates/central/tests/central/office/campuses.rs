//! A campus sees its own alone, and a role does its own alone.

use super::{office, photo_id};
use central::office::Role;
use reqwest::StatusCode;

#[tokio::test]
async fn nothing_of_another_campus_can_be_seen_or_changed() {
    let bench = office().await;
    let client = bench.central.pool.get().await.unwrap();
    let east = central::campuses::add(&**client, "east", "东校区", "East campus").await.unwrap();
    let booth = bench.booth_of(east.id, "library").await;
    bench.photos(&booth, 1, 2).await;
    bench.user(east.id, "other", Role::Viewer).await;
    bench
        .run(&format!(
            "INSERT INTO trades (campus_id, number, provider, device_id, order_id, amount_fen, description, state, opened_ms, expires_ms,
             received_fen, paid_ms) VALUES ('{}', 'trade0001', 'alipay', '{}', '{}', 100, 'x', 'paid', 1, 2, 100, 1)",
            east.id, booth.device, booth.device
        ))
        .await;
    let user: uuid::Uuid =
        client.query_one("SELECT id FROM users WHERE login = 'other'", &[]).await.unwrap().get(0);
    drop(client);
    let mut admin = bench.staff("admin", Role::Admin).await;
    let (photo, device, user) = (photo_id(1), booth.device.to_string(), user.to_string());
    for path in [
        format!("/office/collections/{photo}"),
        format!("/office/photos/{photo}"),
        format!("/office/booths/{device}"),
        "/office/payments/refund?trade=trade0001".to_owned(),
    ] {
        assert_eq!(admin.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let posts: [(String, &[(&str, &str)]); 8] = [
        (format!("/office/collections/{photo}/number"), &[]),
        (format!("/office/booths/{device}/revoke"), &[]),
        (format!("/office/booths/{device}/reinvite"), &[]),
        (format!("/office/booths/{device}/rotate"), &[]),
        (format!("/office/booths/{device}/command"), &[("do", "close")]),
        ("/office/payments/refund".into(), &[("trade", "trade0001")]),
        ("/office/users/change".into(), &[("user", &user), ("do", "disable")]),
        (
            "/office/payments/difference".into(),
            &[("provider", "alipay"), ("day", "2026-01-01"), ("number", "trade0001"), ("note", "x")],
        ),
    ];
    for (path, fields) in posts {
        let page = admin.post(&path, fields).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}: {}", page.text());
    }
    let page = admin.post("/office/review", &[("photo", &photo), ("decision", "approve")]).await;
    assert!(page.status == StatusCode::CONFLICT && page.text().contains("no such photo"), "{}", page.text());
    for path in [
        "/office/collections",
        "/office/review",
        "/office/booths",
        "/office/payments?from=2000-01-01",
        "/office/users",
    ] {
        let text = admin.get(path).await.text();
        for theirs in [photo.as_str(), "测试甲", "trade0001", &device, ">other<"] {
            assert!(!text.contains(theirs), "{path} shows {theirs}");
        }
    }
    assert_eq!(bench.number("SELECT count(*) FROM collections WHERE state = 'submitted'", &[]).await, 2);
    assert_eq!(
        bench.number("SELECT count(*) FROM devices WHERE state = 'active' AND NOT rotate_key", &[]).await,
        1
    );
    assert_eq!(bench.number("SELECT count(*) FROM trades WHERE state = 'paid'", &[]).await, 1);
}

#[tokio::test]
async fn a_role_opens_its_own_pages() {
    let bench = office().await;
    let photo = photo_id(1);
    bench.photos(&bench.booth("library").await, 1, 1).await;
    let number = format!("/office/collections/{photo}/number");
    for (login, role, export, money, admin) in [
        ("viewer", Role::Viewer, false, false, false),
        ("reviewer", Role::Reviewer, true, false, false),
        ("cashier", Role::Cashier, false, true, false),
        ("admin", Role::Admin, true, true, true),
    ] {
        let mut visitor = bench.staff(login, role).await;
        let mut may = async |path: &str| visitor.get(path).await.status != StatusCode::FORBIDDEN;
        for path in
            ["/office/collections", "/office/review", "/office/missing", "/office/booths", "/office/payments"]
        {
            assert!(may(path).await, "{login} {path}");
        }
        assert_eq!(may("/office/export").await, export, "{login}");
        assert_eq!(may("/office/missing/missing.csv").await, export, "{login}");
        assert_eq!(may("/office/payments/refund?trade=x").await, money, "{login}");
        for path in ["/office/users", "/office/audit", "/office/notices", "/office/settings"] {
            assert_eq!(may(path).await, admin, "{login} {path}");
        }
        let page = visitor.post(&number, &[]).await;
        assert_eq!(page.status == StatusCode::OK && page.text().contains("E00000001"), export, "{login}");
        let page = visitor.get(&format!("/office/collections/{photo}")).await.text();
        assert!(page.contains("E0*****01") && !page.contains("E00000001"), "masked: {page}");
        let page = visitor.post("/office/booths/invite", &[("name", login)]).await;
        assert_eq!(page.status == StatusCode::OK, admin, "{login}");
        let page = visitor.post("/office/review", &[("decision", "dance")]).await;
        assert_eq!(page.status == StatusCode::UNPROCESSABLE_ENTITY, export, "{login} reviews");
    }
    assert_eq!(bench.number("SELECT count(*) FROM audit WHERE action = 'number_shown'", &[]).await, 2);
    assert_eq!(bench.number("SELECT count(*) FROM audit WHERE action = 'photo_looked_at'", &[]).await, 4);
    let client = bench.central.pool.get().await.unwrap();
    let rows = client.query("SELECT concat(actor, action, subject, detail) FROM audit", &[]).await.unwrap();
    for row in rows {
        let text: String = row.get(0);
        assert!(!text.contains("测试甲") && !text.contains("E0000"), "no person of a photo: {text}");
    }
    drop(client);
}
