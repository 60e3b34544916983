//! Photos in a bucket, by the protocol of S3 as moto's server speaks it. Chosen by `BOOTH_S3_RIG=1`; `tools/setup test` installs moto.

use crate::batches::{batch, envelope, order, photo};
use crate::bench::{Bench, refused};
use crate::free_port::free_port;
use central::retention;
use central::settings::StoreKind;
use protocol::Code;
use reqwest::{Method, StatusCode};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A program of the Python environment that set-up made for this.
pub fn installed(program: &str) -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache");
    let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(home, PathBuf::from);
    cache.join("campus-booth/venv-central/bin").join(program)
}

/// A store that speaks S3, and forgets everything at its end.
struct Store {
    port: u16,
    child: Child,
}

impl Store {
    async fn start() -> Self {
        // A second call finds the provider installed already, which is as good.
        let _: Result<(), _> = rustls::crypto::ring::default_provider().install_default();
        let port = free_port().unwrap();
        let store = Self { port, child: Self::spawn(port) };
        store.make_bucket().await;
        store
    }

    fn spawn(port: u16) -> Child {
        let mut server = Command::new(installed("moto_server"));
        server.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let server = server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        server.spawn().expect("moto is installed: see tools/setup")
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    async fn make_bucket(&self) {
        let (client, begun) = (reqwest::Client::new(), Instant::now());
        let made = loop {
            match client.put(format!("{}/photos", self.address())).send().await {
                Ok(answer) => break answer,
                Err(error) => assert!(begun.elapsed() < Duration::from_secs(60), "moto isn't ready: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        assert!(made.status().is_success(), "{made:?}");
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

async fn bench(store: &Store) -> Bench {
    let endpoint = store.address();
    Bench::with(|settings| {
        settings.store.kind = StoreKind::S3;
        settings.store.bucket = "photos".into();
        settings.store.region = "us-east-1".into();
        settings.store.endpoint = endpoint;
        settings.store.access_key = "invented".into();
        settings.store.secret_key = "invented".into();
    })
    .await
}

#[tokio::test]
async fn a_bucket_serves_as_well_as_a_folder() {
    if std::env::var_os("BOOTH_S3_RIG").is_none() {
        return;
    }
    let mut store = Store::start().await;
    let bench = bench(&store).await;
    bench.central.blobs.check().await.unwrap();
    let booth = bench.booth("library").await;

    // A batch waits for its photo, and takes effect once.
    let sha256 = central::sha256(&photo());
    let told = order(1, &sha256);
    let events = || batch(1, told.iter().zip(1..).map(|(event, place)| envelope(place, event)).collect());
    assert_eq!(bench.take(&booth, &events()).await.mark, 2, "the photo isn't there");
    for _ in 0..2 {
        assert_eq!(bench.put_photo(&booth, photo()).await, sha256);
        assert_eq!(bench.take(&booth, &events()).await.mark, 3);
    }
    assert_eq!(bench.central.blobs.get(bench.campus, &sha256).await.unwrap(), photo());
    assert!(bench.central.blobs.get(uuid::Uuid::nil(), &sha256).await.is_err(), "another campus has none");

    // What nothing names is swept, in the bucket too.
    let unnamed = bench.put_photo(&booth, [photo(), vec![0]].concat()).await;
    let stray = central::sha256(b"stray");
    bench.central.blobs.put(bench.campus, &stray, b"stray".as_slice().into()).await.unwrap();
    let later = jiff::Timestamp::now().as_millisecond() + 3 * DAY_MS;
    assert_eq!(retention::turn(&bench.central, later).await.unwrap().photos, 2);
    for gone in [unnamed, stray] {
        assert!(bench.central.blobs.get(bench.campus, &gone).await.is_err());
        bench.central.blobs.delete(bench.campus, &gone).await.unwrap();
    }
    assert!(bench.central.blobs.get(bench.campus, &sha256).await.is_ok(), "what is named stays");

    // A store that is away is told as a passing fault, and nothing is said to be stored.
    store.child.kill().unwrap();
    store.child.wait().unwrap();
    let another = [photo(), vec![1]].concat();
    let path = format!("/v1/blobs/{}", central::sha256(&another));
    let answer = bench.send_bytes(&booth, Method::PUT, &path, another.clone()).await;
    let problem = refused(answer, StatusCode::SERVICE_UNAVAILABLE).await;
    assert_eq!(problem.code, Code::Unavailable);
    assert_eq!(bench.number("SELECT count(*) FROM blobs WHERE stored", &[]).await, 1);
    store.child = Store::spawn(store.port);
    store.make_bucket().await;
    bench.put_photo(&booth, another).await;
}
