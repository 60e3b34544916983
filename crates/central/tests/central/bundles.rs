//! Several photos with one request.

use crate::batches::photo;
use crate::bench::{Bench, json, refused};
use protocol::Digest;
use protocol::blob::{Bundle, LARGEST_BUNDLE, StoredBundle};
use reqwest::{Method, StatusCode};

/// Twenty files, each another one.
fn photos() -> Vec<Vec<u8>> {
    (0..20).map(|n| [photo(), vec![n]].concat()).collect()
}

fn named(photos: &[Vec<u8>]) -> Vec<(Digest, &[u8])> {
    photos.iter().map(|photo| (central::sha256(photo), photo.as_slice())).collect()
}

#[tokio::test]
async fn a_bundle_s_blobs_are_stored_but_for_those_that_arent_their_hashes() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let photos = photos();
    let mut blobs = named(&photos);
    blobs[7].0 = Digest([7; 32]);
    let post = async |body| bench.send_bytes(&booth, Method::POST, "/v1/blobs", body).await;
    let body = Bundle::new(blobs.clone()).unwrap().write();
    let sound: Vec<_> =
        blobs.iter().map(|(sha256, _)| *sha256).filter(|sha256| sha256.0 != [7; 32]).collect();
    // One of them is being deleted at this moment, as `retention` does it.
    bench.put_photo(&booth, photos[3].clone()).await;
    let client = bench.central.pool.get().await.unwrap();
    client.execute("UPDATE blobs SET gone = true, stored = false", &[]).await.unwrap();
    let StoredBundle { stored } = json(post(body.clone()).await).await;
    assert_eq!(stored, [&sound[..3], &sound[4..]].concat());
    client.execute("DELETE FROM blobs WHERE gone", &[]).await.unwrap();
    for _ in 0..2 {
        let StoredBundle { stored } = json(post(body.clone()).await).await;
        assert_eq!(stored, sound, "the same again changes nothing");
    }
    assert_eq!(bench.number("SELECT count(*) FROM blobs WHERE stored AND width = 480", &[]).await, 19);
    for (sha256, bytes) in &blobs {
        let there = bench.central.blobs.get(bench.campus, sha256).await;
        assert_eq!(there.is_ok_and(|there| there == *bytes), sha256.0 != [7; 32]);
    }
    let cut = body[..body.len() - 1].to_vec();
    for wrong in [cut, vec![], b"{}".to_vec(), vec![0; 2 * 36]] {
        refused(post(wrong).await, StatusCode::BAD_REQUEST).await;
    }
    refused(post(vec![0; LARGEST_BUNDLE + 1]).await, StatusCode::PAYLOAD_TOO_LARGE).await;
}

#[tokio::test]
async fn bundles_of_the_same_blobs_at_once_keep_nobody_waiting() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let photos = photos();
    let mut blobs = named(&photos);
    let forth = Bundle::new(blobs.clone()).unwrap().write();
    blobs.reverse();
    let back = Bundle::new(blobs).unwrap().write();
    let bodies = [forth, back].into_iter().cycle().take(12);
    let posts = bodies.map(async |body| bench.send_bytes(&booth, Method::POST, "/v1/blobs", body).await);
    for answer in futures_util::future::join_all(posts).await {
        let StoredBundle { stored } = json(answer).await;
        assert_eq!(stored.len(), 20);
    }
}
