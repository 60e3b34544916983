//! What is forgotten, when, and in which copies.

use crate::batches::{AT, batch, envelope, id, order, photo};
use crate::bench::Bench;
use central::retention::{self, Forgotten};
use protocol::{CollectionReviewed, DeletionRequested, Digest, Event};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[tokio::test]
async fn a_student_who_asked_is_forgotten_in_every_copy_and_nobody_else() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let other_photo = [photo(), vec![0]].concat();
    let (first, second) =
        (bench.put_photo(&booth, photo()).await, bench.put_photo(&booth, other_photo).await);
    let reviewed = |n: u64| {
        let (order_id, photo_id) = (id(n).to_string(), id(2_000_000 + n).to_string());
        Event::CollectionReviewed(CollectionReviewed { order_id, photo_id, approved: true, at_ms: AT })
    };
    let asked =
        Event::DeletionRequested(DeletionRequested { order_ids: vec![id(1).to_string()], at_ms: now() });
    let told = [order(1, &first).as_slice(), &order(2, &second), &[reviewed(1), reviewed(2), asked]].concat();
    let events = told.iter().zip(1..).map(|(event, place)| envelope(place, event)).collect();
    assert_eq!(bench.take(&booth, &batch(1, events)).await.mark, 9);
    let client = bench.central.pool.get().await.unwrap();
    client.execute("UPDATE collections SET decided_ms = $1", &[&now()]).await.unwrap();

    let days = async |days: i64| retention::turn(&bench.central, now() + days * DAY_MS).await.unwrap();
    assert_eq!(days(3).await, Forgotten::default(), "the school still needs the photo");
    assert_eq!(days(20).await, Forgotten { collections: 1, photos: 1, events: 0 });
    assert!(bench.central.blobs.get(bench.campus, &first).await.is_err(), "the photo is deleted");
    assert!(bench.central.blobs.get(bench.campus, &second).await.is_ok(), "another one's is not");
    assert_eq!(bench.number("SELECT count(*) FROM collections WHERE name IS NULL", &[]).await, 1);
    assert_eq!(days(380).await, Forgotten { collections: 1, photos: 1, events: 0 }, "past its time");
    assert_eq!(bench.number("SELECT count(*) FROM deletion_requests", &[]).await, 1, "one may come later");
    assert_eq!(days(500).await, Forgotten { collections: 0, photos: 0, events: 9 });
    assert_eq!(bench.number("SELECT count(*) FROM deletion_requests", &[]).await, 0);
    let answer = bench.take(&booth, &batch(1, vec![envelope(1, &told[0])])).await;
    assert_eq!(
        answer.events[0].outcome,
        protocol::batch::Outcome::Duplicate,
        "what was forgotten isn't applied again"
    );
    assert_eq!(bench.number("SELECT count(*) FROM payments", &[]).await, 2, "the books stay");
}

#[tokio::test]
async fn photos_that_nothing_names_are_swept_and_may_come_again() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let sha256 = bench.put_photo(&booth, photo()).await;
    bench
        .central
        .blobs
        .put(bench.campus, &central::sha256(b"stray"), b"stray".as_slice().into())
        .await
        .unwrap();
    let photos = &bench.central.settings.store.folder;
    let draft = photos.join(format!("{}/ab/{}#3", bench.campus, "ab".repeat(32)));
    std::fs::create_dir_all(draft.parent().unwrap()).unwrap();
    std::fs::write(&draft, "half a photo, whose upload was killed").unwrap();
    let days = async |days: i64| retention::turn(&bench.central, now() + days * DAY_MS).await.unwrap();
    assert_eq!(days(1).await.photos, 0, "its event may be on its way");
    assert_eq!(days(3).await.photos, 3, "the one without an event, the one without a row, and the half one");
    assert!(!draft.exists());
    let [placed, _, submitted] = order(1, &sha256);
    let events = || vec![envelope(1, &placed), envelope(2, &submitted)];
    assert_eq!(bench.take(&booth, &batch(1, events())).await.mark, 1, "the photo is asked for again");
    bench.put_photo(&booth, photo()).await;
    assert_eq!(bench.take(&booth, &batch(1, events())).await.mark, 2);
    assert_eq!(days(3).await.photos, 0, "a photo that is named stays");
}

#[tokio::test]
async fn a_booth_whose_clock_is_years_behind_loses_no_photo() {
    const TWO_YEARS_MS: i64 = 2 * 365 * DAY_MS;
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let programme = "INSERT INTO programmes (campus_id, id, list, title_zh, title_en, approval) VALUES ($1, 'degree', 'degree', '学位照', 'Degree', 'booth')";
    let client = bench.central.pool.get().await.unwrap();
    client.execute(programme, &[&bench.campus]).await.unwrap();
    let sha256 = bench.put_photo(&booth, photo()).await;
    let behind = now() - TWO_YEARS_MS;
    let submitted = |n: u64, at_ms| {
        let [_, _, Event::CollectionSubmitted(told)] = order(n, &sha256) else { unreachable!() };
        Event::CollectionSubmitted(protocol::CollectionSubmitted { at_ms, ..told })
    };
    let asked = DeletionRequested { order_ids: vec![id(2).to_string()], at_ms: behind };
    let told = [submitted(1, behind), submitted(2, now()), Event::DeletionRequested(asked)];
    let events = told.iter().zip(1..).map(|(event, place)| envelope(place, event)).collect();
    assert_eq!(bench.take(&booth, &batch(1, events)).await.mark, 3);
    let approved = "SELECT count(*) FROM collections WHERE state = 'approved' AND decided_ms < $1";
    assert_eq!(bench.number(approved, &[&(behind + DAY_MS)]).await, 1, "by the booth's checks, years ago");
    assert_eq!(retention::turn(&bench.central, now()).await.unwrap(), Forgotten::default());
    assert!(bench.central.blobs.get(bench.campus, &sha256).await.is_ok());
    let later = retention::turn(&bench.central, now() + 20 * DAY_MS).await.unwrap();
    assert_eq!(later.collections, 1, "who asked is forgotten by central's clock");
}

#[tokio::test]
async fn what_nobody_decided_is_forgotten_too_and_reasons_go_with_the_person() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let sha256 = bench.put_photo(&booth, photo()).await;
    let asked =
        Event::DeletionRequested(DeletionRequested { order_ids: vec![id(1).to_string()], at_ms: now() });
    let told = [&[asked][..], &(1..=3).map(|n| order(n, &sha256)[2].clone()).collect::<Vec<_>>()].concat();
    let events = told.iter().zip(1..).map(|(event, place)| envelope(place, event)).collect();
    assert_eq!(bench.take(&booth, &batch(1, events)).await.mark, 4);
    let decision = central::office::review::Decision::Reject { reason: "王同学请摘下帽子".into() };
    let mut client = bench.central.pool.get().await.unwrap();
    let photos = [id(2_000_002)];
    central::office::review::decide(&mut client, bench.campus, "a", &photos, &decision).await.unwrap();
    let reasons = "SELECT (SELECT count(*) FROM collections WHERE reason <> '') + (SELECT count(*) FROM directory WHERE body->>'reason' <> '')";
    let turn = async |days: i64| retention::turn(&bench.central, now() + days * DAY_MS).await.unwrap();
    assert_eq!(turn(20).await.collections, 1, "who asked, although nobody had decided");
    assert_eq!(bench.number(reasons, &[]).await, 2);
    assert_eq!(turn(370).await.collections, 1, "the rejected one");
    assert_eq!(bench.number(reasons, &[]).await, 0, "nobody reads any more what was wrong with the photo");
    let decided = "SELECT count(*) FROM audit WHERE action = 'rejected'";
    assert_eq!(bench.number(decided, &[]).await, 1, "the audit knows who decided");
    assert_eq!(bench.number("SELECT count(*) FROM audit WHERE audit::text LIKE '%王同学%'", &[]).await, 0);
    assert_eq!(turn(729).await.collections, 0);
    assert_eq!(turn(740).await.collections, 1, "the one that nobody decided");
    assert_eq!(bench.number("SELECT count(*) FROM collections WHERE purged_ms IS NULL", &[]).await, 0);
}

#[tokio::test]
async fn a_photo_that_is_uploaded_again_is_not_swept_under_its_upload() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let sha256 = bench.put_photo(&booth, photo()).await;
    let run = async |sql: &str| bench.central.pool.get().await.unwrap().batch_execute(sql).await.unwrap();
    run("UPDATE blobs SET stored_ms = 1").await;
    bench.put_photo(&booth, photo()).await;
    assert_eq!(
        retention::turn(&bench.central, now()).await.unwrap().photos,
        0,
        "it was acknowledged just now"
    );
    assert!(bench.central.blobs.get(bench.campus, &sha256).await.is_ok());

    // An upload that has written its row and its object, but hasn't ended.
    run("UPDATE blobs SET stored = false").await;
    let object = bench.central.settings.store.folder.join(format!(
        "{}/{}/{sha256}",
        bench.campus,
        &sha256.to_string()[..2]
    ));
    let file = std::fs::File::options().write(true).open(&object).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(retention::turn(&bench.central, now()).await.unwrap().photos, 0, "it is no stray");
    let submitted = || vec![envelope(1, &order(1, &sha256)[2])];
    let answer = bench.take(&booth, &batch(1, submitted())).await;
    assert_eq!(
        answer.events[0].reason,
        Some(protocol::batch::Reason::BlobMissing),
        "nothing relies on it yet"
    );
    bench.put_photo(&booth, photo()).await;
    assert_eq!(bench.take(&booth, &batch(1, submitted())).await.mark, 1);

    run("UPDATE blobs SET gone = true").await;
    let path = format!("/v1/blobs/{sha256}");
    let refused = bench.send_bytes(&booth, reqwest::Method::PUT, &path, photo()).await;
    assert_eq!(refused.status(), reqwest::StatusCode::SERVICE_UNAVAILABLE, "while it is being deleted");
}

#[tokio::test]
async fn of_an_upload_and_a_sweep_at_once_what_was_acknowledged_stays() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let sha256 = bench.put_photo(&booth, photo()).await;
    let path = format!("/v1/blobs/{sha256}");
    let (mut kept, mut swept) = (0, 0);
    for round in 0..40 {
        bench.run("UPDATE blobs SET stored_ms = 1").await;
        let uploads = futures_util::future::join_all((0..3).map(|n| {
            let (bench, booth, path) = (&bench, &booth, &path);
            async move {
                tokio::time::sleep(std::time::Duration::from_millis(2 * ((round * 7 + n * 5) % 20))).await;
                bench.send_bytes(booth, reqwest::Method::PUT, path, photo()).await.status().is_success()
            }
        }));
        let (uploads, forgotten) =
            futures_util::future::join(uploads, retention::turn(&bench.central, now())).await;
        swept += forgotten.unwrap().photos;
        if uploads.contains(&true) {
            kept += 1;
            let is_there = bench.number("SELECT count(*) FROM blobs WHERE stored AND NOT gone", &[]).await;
            assert_eq!(is_there, 1, "round {round}");
            assert!(bench.central.blobs.get(bench.campus, &sha256).await.is_ok(), "round {round}");
        }
    }
    println!("{kept} rounds with an acknowledged upload, {swept} photos swept");
    assert!(kept > 0);
}

#[tokio::test]
async fn a_photo_that_cant_be_deleted_keeps_no_other() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let file = |sha256: &Digest| {
        let campus = bench.central.settings.store.folder.join(bench.campus.to_string());
        campus.join(&sha256.to_string()[..2]).join(sha256.to_string())
    };
    // More than are swept at a time, and all of them older.
    let stuck: Vec<Digest> = (0..201_u32).map(|n| central::sha256(&n.to_be_bytes())).collect();
    for sha256 in &stuck {
        std::fs::create_dir_all(file(sha256).join("not empty")).unwrap();
        let sql =
            "INSERT INTO blobs (campus_id, sha256, bytes, stored_ms, stored) VALUES ($1, $2, 1, 1, true)";
        let client = bench.central.pool.get().await.unwrap();
        client.execute(sql, &[&bench.campus, &&sha256.0[..]]).await.unwrap();
    }
    let other = bench.put_photo(&booth, [photo(), vec![0]].concat()).await;
    bench.run("UPDATE blobs SET stored_ms = 2 WHERE stored_ms <> 1").await;
    let draft = file(&other).with_file_name("half#1");
    std::fs::write(&draft, "half").unwrap();
    retention::turn(&bench.central, now() + 3 * DAY_MS).await.unwrap_err();
    assert!(!file(&other).exists() && !draft.exists(), "what comes behind it is deleted");
    assert_eq!(bench.number("SELECT count(*) FROM blobs WHERE gone", &[]).await, 201);
    for sha256 in &stuck {
        std::fs::remove_dir_all(file(sha256)).unwrap();
    }
    retention::turn(&bench.central, now() + 3 * DAY_MS).await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM blobs", &[]).await, 0, "and these once they can be");
}
