//! Two instances under load while either is killed, and PostgreSQL too: what was acknowledged is stored.

use crate::postgres::Postgres;
use crate::program::Program;
use central::load::{self, Options};
use central::settings::Settings;
use clap::Parser;
use std::time::Duration;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_and_postgresql_are_killed_under_load_and_nothing_is_lost() {
    let folder = tempfile::Builder::new().prefix("booth-crash-").tempdir().unwrap();
    let cluster = Postgres::start(&folder.path().join("cluster"));
    let database = cluster.database();
    let central = {
        let settings = crate::bench::settings(folder.path(), &database, "127.0.0.1:1".parse().unwrap());
        migrated(settings).await
    };
    let mut first = Program::start(&database, "").await;
    let mut second = first.beside(&database).await;
    let (urls, own) = ([first.url(""), second.url("")], first.central());
    let arguments = [
        "load",
        "--booths",
        "20",
        "--minutes",
        "0.4",
        "--orders-a-minute",
        "60",
        "--url",
        &urls[0],
        "--url",
        &urls[1],
    ];
    let options = Line::parse_from(arguments).options;
    let load = load::put(&own, &options);
    let faults = async {
        let wait = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        wait(5).await;
        first.kill_and_restart().await;
        wait(3).await;
        tokio::task::block_in_place(|| cluster.kill_and_restart());
        wait(3).await;
        second.kill_and_restart().await;
    };
    let (outcome, ()) = futures_util::future::join(load, faults).await;
    let told = outcome.unwrap().text;
    println!("{told}");
    assert!(told.contains("the books agree: "), "{told}");
    assert!(!told.contains("not acknowledged in time"), "every order came through in the end: {told}");
    drop(central);
}

async fn migrated(settings: Settings) -> central::Central {
    let central = central::Central::new(settings, vec![]).unwrap();
    central::database::migrate(&central.pool).await.unwrap();
    central
}
