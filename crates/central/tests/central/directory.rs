//! What booths are told, by cursor.

use crate::bench::{Bench, Booth, json, refused};
use central::commands;
use central::directory::{self, Change};
use protocol::directory::{Action, CommandOutcome, Item, Notice, Page, Price};
use reqwest::{Method, StatusCode};
use std::collections::BTreeMap;
use uuid::Uuid;

fn price(fen: u64) -> Item {
    Item::Price(Price {
        programme: "degree".into(),
        item: "postage".into(),
        print: String::new(),
        fen: Some(fen),
    })
}

fn notice(number: u128) -> Item {
    let id = Uuid::from_u128(number);
    Item::Notice(Notice { id, zh: Some("闭馆".into()), en: Some("Closed".into()), from_ms: 0, until_ms: 1 })
}

impl Bench {
    async fn tell(&self, key: &str, device: Option<Uuid>, item: &Item) {
        let mut client = self.central.pool.get().await.unwrap();
        let tx = client.transaction().await.unwrap();
        directory::tell(&tx, self.campus, &[Change { key, device, item }]).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn page(&self, booth: &Booth, after: u64, limit: u32) -> Page {
        json(self.get(booth, &format!("/v1/directory?after={after}&limit={limit}")).await).await
    }
}

#[tokio::test]
async fn a_booth_that_follows_its_cursor_hears_the_newest_of_everything() {
    let bench = Bench::new().await;
    let (booth, other) = (bench.booth("library").await, bench.booth("gate").await);
    for n in 0..25 {
        bench.tell(&format!("notice {n}"), None, &notice(n)).await;
        bench.tell("price", None, &price(u64::try_from(n).unwrap())).await;
    }
    bench.tell("secret", Some(other.device), &notice(99)).await;
    let (mut after, mut heard) = (0, BTreeMap::new());
    loop {
        let page = bench.page(&booth, after, 7).await;
        assert!(page.entries.len() <= 7 && page.cursor >= after);
        assert!(page.entries.is_sorted_by_key(|entry| entry.position));
        heard.extend(page.entries.into_iter().map(|entry| (entry.position, entry.item)));
        after = page.cursor;
        if !page.more {
            break;
        }
    }
    assert_eq!(heard.len(), 26, "25 notices and the newest price, and nothing of another booth's");
    assert!(heard.values().any(|item| *item == price(24)));
    assert_eq!(bench.page(&booth, after, 7).await.entries, []);
    bench.tell("price", None, &price(77)).await;
    let delta = bench.page(&booth, after, 7).await;
    assert_eq!(delta.entries.into_iter().map(|entry| entry.item).collect::<Vec<_>>(), [price(77)]);
}

#[tokio::test]
async fn a_cursor_passes_over_nothing_while_many_write() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    let writers = (0..8_u128).map(|writer| {
        let bench = &bench;
        async move {
            for n in 0..15 {
                bench.tell(&format!("{writer} {n}"), None, &notice(writer)).await;
            }
        }
    });
    let reader = async {
        let (mut after, mut heard) = (0, 0);
        while heard < 120 {
            let page = bench.page(&booth, after, 10).await;
            heard += page.entries.len();
            after = page.cursor;
        }
        heard
    };
    let (_, heard) = futures_util::future::join(futures_util::future::join_all(writers), reader).await;
    assert_eq!(heard, 120);
}

#[tokio::test]
async fn a_command_is_one_booths_and_its_first_outcome_stands() {
    let bench = Bench::new().await;
    let (booth, other) = (bench.booth("library").await, bench.booth("gate").await);
    let mut client = bench.central.pool.get().await.unwrap();
    let tx = client.transaction().await.unwrap();
    let command = commands::give(&tx, bench.campus, booth.device, Action::Close, "tester").await.unwrap();
    assert!(
        commands::give(&tx, Uuid::nil(), booth.device, Action::Close, "tester").await.is_err(),
        "not of another campus"
    );
    tx.commit().await.unwrap();
    assert_eq!(bench.page(&booth, 0, 10).await.entries.len(), 1);
    assert_eq!(bench.page(&other, 0, 10).await.entries, []);
    let path = format!("/v1/commands/{command}/outcome");
    let outcome = |done: bool, reason: &str| CommandOutcome { done, reason: reason.into(), at_ms: 5 };
    refused(bench.send(&other, Method::PUT, &path, &outcome(true, "")).await, StatusCode::NOT_FOUND).await;
    refused(bench.send(&booth, Method::PUT, &path, &outcome(true, "x")).await, StatusCode::BAD_REQUEST).await;
    refused(bench.send(&booth, Method::PUT, &path, &outcome(false, "A B'")).await, StatusCode::BAD_REQUEST)
        .await;
    for told in [outcome(true, ""), outcome(true, ""), outcome(false, "too_late")] {
        assert_eq!(bench.send(&booth, Method::PUT, &path, &told).await.status(), StatusCode::NO_CONTENT);
    }
    assert_eq!(bench.number("SELECT count(*) FROM commands WHERE done AND reason = ''", &[]).await, 1);
}

#[tokio::test]
async fn a_cursor_that_is_no_number_is_refused() {
    let bench = Bench::new().await;
    let booth = bench.booth("library").await;
    for query in ["after=-1", "after=x", "limit=99999999999", "after=18446744073709551615", "before=1"] {
        refused(bench.get(&booth, &format!("/v1/directory?{query}")).await, StatusCode::BAD_REQUEST).await;
    }
    let far = bench.page(&booth, 1_000_000, 5).await;
    assert_eq!((far.cursor, far.entries.len()), (1_000_000, 0), "a cursor never goes back");
}
