//! A short load by the program's own invented booths.

use crate::bench::Bench;
use central::load::{self, Options};
use clap::Parser;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
}

impl Bench {
    async fn load(&self, arguments: &str) -> Result<load::Outcome, load::LoadError> {
        let url = format!("http://{}", self.address);
        let line = ["load", "--url", &url].into_iter().chain(arguments.split_whitespace());
        load::put(&self.central, &Line::parse_from(line).options).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_booths_are_answered_without_errors_and_the_books_agree() {
    let bench = Bench::new().await;
    let told = bench.load("--booths 5 --minutes 0.0333 --orders-a-minute 120 --keep").await.unwrap();
    assert!(told.is_clean && told.text.contains("the books agree: 20 orders"), "{}", told.text);
    assert_eq!(bench.number("SELECT count(*) FROM collections", &[]).await, 20);
    let again = bench.load("--booths 2 --minutes 0.017 --orders-a-minute 60").await.unwrap();
    assert!(again.is_clean, "the booths of before are revoked, and others enrol: {}", again.text);
    for table in ["orders", "payments", "collections", "events", "blobs", "devices", "epochs"] {
        assert_eq!(
            bench.number(&format!("SELECT count(*) FROM {table}"), &[]).await,
            0,
            "{table} is left empty"
        );
    }
    assert_eq!(bench.number("SELECT count(*) FROM campuses", &[]).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn past_orders_are_written_and_booths_work_beside_them() {
    let bench = Bench::new().await;
    bench.load("--fill 250").await.unwrap();
    bench.load("--fill 50").await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM events", &[]).await, 3 * 300);
    assert!(bench.load("--booths 2 --minutes 0.02 --orders-a-minute 60").await.unwrap().is_clean);
    assert_eq!(bench.number("SELECT count(*) FROM orders", &[]).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_isnt_a_loads_is_left_alone() {
    let bench = Bench::new().await;
    assert!(bench.load("--campus main --remove").await.is_err(), "a campus of people");
    let client = bench.central.pool.get().await.unwrap();
    let campus = central::campuses::add(&**client, "load-east", "东校区", "East").await.unwrap();
    assert!(bench.load("--campus load-east --remove").await.is_err(), "a campus with a name of its own");
    central::campuses::add(&**client, "load-east", "负载测试", "Load test").await.unwrap();
    bench.booth_of(campus.id, "library").await;
    assert!(bench.load("--campus load-east --fill 5").await.is_err(), "a campus with a booth of its own");
    assert_eq!(bench.number("SELECT count(*) FROM devices WHERE state = 'active'", &[]).await, 1);
}
