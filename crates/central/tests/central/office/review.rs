//! Decisions on photos.

use super::{office, photo_id};
use crate::bench::json;
use central::office::Role;
use central::office::review::{Decision, Outcome, decide};
use protocol::directory::{Item, Page};
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
    bench.photos(&bench.booth("library").await, 1, 2).await;
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
    let central = toml.replace("approval = \"booth\"", "approval = \"central\"");
    admin.post("/office/notices/programme", &[("toml", &central)]).await;
    assert!(admin.get("/office/review").await.text().contains("Awaiting review: 2"));
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
    for (query, found) in [
        ("q=2026000007", 1),
        ("q=0380000007", 1),
        ("q=%E6%B5%8B%E8%AF%95", 50),
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
