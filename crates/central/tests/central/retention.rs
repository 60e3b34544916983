//! What is forgotten, when, and in which copies.

use crate::batches::{AT, batch, envelope, id, order, photo};
use crate::bench::Bench;
use central::retention::{self, Forgotten};
use protocol::{CollectionReviewed, DeletionRequested, Event};

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
    assert_eq!(bench.number("SELECT count(*) FROM deletion_requests", &[]).await, 0);
    assert_eq!(days(380).await, Forgotten { collections: 1, photos: 1, events: 0 }, "past its time");
    assert_eq!(days(500).await, Forgotten { collections: 0, photos: 0, events: 9 });
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
        .put(bench.campus, &central::sha256(b"stray"), vec![b"stray".as_slice().into()])
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
