//! Decisions on photos.

use super::{office, photo_id};
use crate::bench::json;
use central::office::Role;
use central::office::review::{Decision, Outcome, decide};
use protocol::directory::{Item, Page, Programme, Setting};
use reqwest::StatusCode;

#[tokio::test]
async fn a_decision_reaches_the_booth_and_stands() {
    let bench = office().await;
    let booth = bench.booth("library").await;
    bench.photos(&booth, 1, 3).await;
    let mut reviewer = bench.staff("reviewer", Role::Reviewer).await;
    let page = reviewer.get("/office/review").await.text();
    assert!(page.contains("Awaiting review: 3") && page.contains(&photo_id(1)), "{page}");
    let (first, second, third) = (photo_id(1), photo_id(2), photo_id(3));
    let page = reviewer
        .post("/office/review", &[("photo", &first), ("next", &second), ("decision", "approve")])
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    assert!(page.to.contains(&second), "the next one is shown: {}", page.to);

    let many = [("many", "1"), ("photo", second.as_str()), ("photo", &third), ("decision", "reject")];
    let page = reviewer.post("/office/review", &many).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "a rejection needs a reason");
    assert_eq!(page.text().matches(" checked").count(), 2, "what was selected stays");
    let with_reason: Vec<_> = many.into_iter().chain([("reason_text", "请摘下帽子")]).collect();
    assert_eq!(reviewer.post("/office/review", &with_reason).await.status, StatusCode::SEE_OTHER);

    let mut other = bench.staff("other", Role::Reviewer).await;
    let again = [("many", "1"), ("photo", first.as_str()), ("photo", &second), ("decision", "approve")];
    let page = other.post("/office/review", &again).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert_eq!(page.text().matches("already decided by 测试员 (reviewer)").count(), 2, "{}", page.text());

    let told: Page = json(bench.get(&booth, "/v1/directory?after=0").await).await;
    let mut reviews: Vec<_> = told
        .entries
        .into_iter()
        .filter_map(|entry| if let Item::Review(review) = entry.item { Some(review) } else { None })
        .collect();
    reviews.sort_by_key(|review| review.photo_id);
    let said: Vec<_> = reviews.iter().map(|review| (review.approved, review.reason.as_str())).collect();
    assert_eq!(said, [(true, ""), (false, "请摘下帽子"), (false, "请摘下帽子")]);
    let counted =
        "SELECT count(*) FROM audit WHERE action IN ('approved', 'rejected') AND actor = 'reviewer'";
    assert_eq!(bench.number(counted, &[]).await, 3);
    assert!(reviewer.get("/office/review").await.text().contains("No photo awaits review"));
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_does() {
    let bench = office().await;
    bench.photos(&bench.booth("library").await, 1, 20).await;
    let photos: Vec<_> = (1..=20).map(|n| photo_id(n).parse().unwrap()).collect();
    let reversed: Vec<_> = photos.iter().rev().copied().collect();
    let turn = async |by: &str, photos: &[uuid::Uuid], decision: Decision| {
        let mut client = bench.central.pool.get().await.unwrap();
        let results = decide(&mut client, bench.campus, by, photos, &decision).await.unwrap();
        results.iter().filter(|result| matches!(result.1, Outcome::Decided { .. })).count()
    };
    let reject = Decision::Reject { reason: "x".into() };
    let (one, two) = tokio::join!(turn("one", &photos, Decision::Approve), turn("two", &reversed, reject));
    assert_eq!(one + two, 20, "each photo is decided once");
    assert_eq!(bench.number("SELECT count(*) FROM audit", &[]).await, 20);
    assert_eq!(bench.number("SELECT count(*) FROM directory WHERE kind = 'review'", &[]).await, 20);
}

#[tokio::test]
async fn photos_that_booths_approve_are_not_in_the_queue() {
    let bench = office().await;
    let booth = bench.booth("library").await;
    bench.photos(&booth, 1, 2).await;
    let mut admin = bench.staff("admin", Role::Admin).await;
    let toml =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/programmes/degree.toml"))
            .unwrap();
    assert_eq!(
        admin.post("/office/notices/programme", &[("toml", "id = 1")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let page = admin.post("/office/notices/programme", &[("toml", &toml)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    assert!(admin.get("/office/review").await.text().contains("No photo awaits review"));
    let by_rule = "SELECT count(*) FROM collections WHERE state = 'approved' AND decided_by = 'booth' AND decided_ms = submitted_ms";
    assert_eq!(
        bench.number(by_rule, &[]).await,
        2,
        "those that came before the programme are approved by its rule"
    );
    let told: Page = json(bench.get(&booth, "/v1/directory?after=0").await).await;
    let is_approval = |item: &Item| matches!(item, Item::Review(review) if review.approved);
    let approvals = told.entries.iter().filter(|entry| is_approval(&entry.item)).count();
    assert_eq!(approvals, 2, "an order that waits at a booth for the office goes on");
    let export = [("programme", "degree"), ("names", "{student_number}")];
    assert_eq!(admin.post("/office/export", &export).await.status, StatusCode::OK, "and are exported");
    let central = toml.replace("approval = \"booth\"", "approval = \"central\"");
    admin.post("/office/notices/programme", &[("toml", &central)]).await;
    bench.photos(&booth, 3, 1).await;
    assert!(
        admin.get("/office/review").await.text().contains("Awaiting review: 1"),
        "of those that come later"
    );
}

#[tokio::test]
async fn an_approved_photo_is_rejected_from_its_own_page_with_a_reason() {
    let bench = office().await;
    let booth = bench.booth("library").await;
    bench.photos(&booth, 1, 2).await;
    bench
        .run("UPDATE collections SET state = 'approved', decided_by = 'booth', decided_ms = submitted_ms")
        .await;
    let (path, reject) = (format!("/office/collections/{}", photo_id(1)), "Reject although approved");
    let mut viewer = bench.staff("viewer", Role::Viewer).await;
    assert!(!viewer.get(&path).await.text().contains(reject));
    let reason = [("reason_text", "请摘下帽子")];
    assert_eq!(viewer.post(&format!("{path}/reject"), &reason).await.status, StatusCode::FORBIDDEN);
    let mut reviewer = bench.staff("reviewer", Role::Reviewer).await;
    assert!(reviewer.get(&path).await.text().contains(reject));
    let page = reviewer.post(&format!("{path}/reject"), &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is needed");
    let page = reviewer.post(&format!("{path}/reject"), &reason).await;
    assert_eq!((page.status, page.to.as_str()), (StatusCode::SEE_OTHER, path.as_str()), "{}", page.text());
    let again = reviewer.post(&format!("{path}/reject"), &reason).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let page = reviewer.get(&path).await.text();
    assert!(page.contains("请摘下帽子") && !page.contains(reject), "{page}");
    let told: Page = json(bench.get(&booth, "/v1/directory?after=0").await).await;
    let is_review = |item: &Item| matches!(item, Item::Review(review) if !review.approved && review.reason == "请摘下帽子" && review.photo_id.to_string() == photo_id(1));
    assert!(told.entries.iter().any(|entry| is_review(&entry.item)), "booths hear of it");
    let counted = "SELECT count(*) FROM audit WHERE action = 'rejected' AND actor = 'reviewer'";
    assert_eq!(bench.number(counted, &[]).await, 1);

    bench.run("UPDATE collections SET purged_ms = 1, name = NULL, document_kind = NULL, document_number = NULL, student_number = NULL,
        phone = NULL, email = NULL, gender = NULL WHERE state = 'approved'").await;
    let emptied = format!("/office/collections/{}", photo_id(2));
    assert!(!reviewer.get(&emptied).await.text().contains(reject));
    assert_eq!(reviewer.post(&format!("{emptied}/reject"), &reason).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn programmes_and_settings_reach_booths_and_are_taken_back() {
    let bench = office().await;
    let booth = bench.booth("library").await;
    let mut admin = bench.staff("admin", Role::Admin).await;
    let toml = include_str!("../../../../../assets/programmes/degree.toml");
    admin.post("/office/notices/programme", &[("toml", toml)]).await;
    let withdrawn = admin.post("/office/notices/programme/withdraw", &[("programme", "degree")]).await;
    assert_eq!(withdrawn.status, StatusCode::SEE_OTHER, "{}", withdrawn.text());
    let again = admin.post("/office/notices/programme/withdraw", &[("programme", "degree")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(admin.get("/office/notices").await.text().contains("Withdrawn"));

    let screen = |value: &'static str| [("name", "session.screen_s"), ("value", value)];
    let refused = admin.post("/office/settings", &screen("4")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("value=\"4\""), "what was typed stays");
    assert_eq!(admin.post("/office/settings", &screen("120")).await.status, StatusCode::SEE_OTHER);
    assert!(admin.get("/office/settings").await.text().contains("value=\"120\""));
    let pin = admin.post("/office/settings", &[("name", "staff.pin_hash"), ("value", "x")]).await;
    assert_eq!(pin.status, StatusCode::BAD_REQUEST, "the PIN is set at the booth");
    let told: Page = json(bench.get(&booth, "/v1/directory?after=0").await).await;
    let items: Vec<_> = told.entries.into_iter().map(|entry| entry.item).collect();
    assert!(items.contains(&Item::Programme(Programme { id: "degree".into(), toml: None })));
    let set = |value| Item::Setting(Setting { name: "session.screen_s".into(), value });
    assert!(items.contains(&set(Some(120.into()))));
    admin.post("/office/settings", &screen("")).await;
    let told: Page = json(bench.get(&booth, "/v1/directory?after=0").await).await;
    assert!(told.entries.iter().any(|entry| entry.item == set(None)), "each booth's own again");
}

#[tokio::test]
async fn photos_are_found_and_turned_over() {
    let bench = office().await;
    bench.photos(&bench.booth("library").await, 1, 60).await;
    let mut viewer = bench.staff("viewer", Role::Viewer).await;
    let rows = |page: &super::Page| page.text().matches("<th scope=\"row\"").count();
    let first = viewer.get("/office/collections").await;
    assert_eq!(rows(&first), 50);
    let next = first.between("rel=\"next\" href=\"", "\"").replace("&#38;", "&").replace("&amp;", "&");
    assert_eq!(rows(&viewer.get(&next).await), 10, "{next}");
    bench.run("UPDATE collections SET name = 'José Maria Zhang' WHERE student_number = '2026000009'").await;
    bench
        .run(
            "INSERT INTO roster (campus_id, list, document_kind, document_number, name, student_number, college, position)
             SELECT campus_id, 'degree', document_kind, document_number, name, student_number, '物理学院', row_number() OVER (ORDER BY photo_id)
             FROM collections WHERE student_number <= '2026000007'",
        )
        .await;
    for (query, found) in [
        ("college=%E7%89%A9%E7%90%86%E5%AD%A6%E9%99%A2", 7),
        ("college=%E7%89%A9%E7%90%86%E5%AD%A6%E9%99%A2&q=2026000007", 1),
        ("college=%E7%89%A9%E7%90%86%E5%AD%A6%E9%99%A2&q=2026000008", 0),
        ("college=%E7%89%A9%E7%90%86", 0),
        ("q=2026000007", 1),
        ("q=maria%20ZH", 1),
        ("q=MARIAZ", 0),
        ("q=jos%C3%89", 1),
        ("q=0380000007", 1),
        ("q=038%200000007", 1),
        ("q=%E6%B5%8B%E8%AF%95", 50),
        ("q=%E8%AF%95%E6%B5%8B", 0),
        ("q=nobody", 0),
        ("state=approved", 0),
        ("programme=degree&state=submitted", 50),
        ("from=2026-09-21&to=2026-09-21", 50),
        ("from=2026-09-22", 0),
        ("college=%25", 0),
        ("q=%27%20OR%201%3D1--", 0),
    ] {
        assert_eq!(rows(&viewer.get(&format!("/office/collections?{query}")).await), found, "{query}");
    }
    let page = viewer.get("/office/collections?from=yesterday&state=none&q=kept").await.text();
    assert!(page.contains("Please enter a date") && page.contains("value=\"kept\""), "{page}");
}
