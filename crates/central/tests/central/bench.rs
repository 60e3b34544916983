//! An instance over a database of its own, spoken to over HTTP.

use crate::postgres::Postgres;
use central::settings::Settings;
use central::{Central, campuses, database, devices, serve};
use protocol::enrolment::{Enrol, Enrolled};
use protocol::{Key, Problem};
use reqwest::{Method, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::net::{SocketAddr, TcpListener};
use tempfile::TempDir;
use uuid::Uuid;

/// An instance that runs, and its campus `main`.
pub struct Bench {
    pub central: Central,
    pub campus: Uuid,
    pub address: SocketAddr,
    pub http: reqwest::Client,
    _folder: TempDir,
}

/// A booth with a key.
#[derive(Clone)]
pub struct Booth {
    pub device: Uuid,
    pub key: Key,
}

impl Booth {
    pub fn token(&self) -> String {
        format!("Bearer {}.{}", self.device, self.key)
    }
}

/// Settings for an instance over `database` that keeps its files in `folder`.
/// `address` is where payment providers find it.
pub fn settings(folder: &std::path::Path, database: &str, address: SocketAddr) -> Settings {
    let key = folder.join("sealing.key");
    std::fs::write(&key, "5a".repeat(32)).unwrap();
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\ntls = \"proxy\"\npins = [\"{pin}\"]\ndata = {folder:?}\npublic_url = \"http://{address}\"\n\
         [database]\nurl = \"{database}\"\n[store]\nfolder = {photos:?}\n[secrets]\nkey_file = {key:?}\n[metrics]\nlisten = \"\"",
        pin = "ab".repeat(32),
        photos = folder.join("photos"),
    );
    let file = folder.join("central.toml");
    std::fs::write(&file, text).unwrap();
    Settings::load(Some(&file)).unwrap()
}

impl Bench {
    /// An instance over a new database.
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = listen();
        let address = listener.local_addr().unwrap();
        let mut settings = settings(folder.path(), &Postgres::shared().database(), address);
        change(&mut settings);
        // A second call finds the provider installed already, which is as good.
        let _: Result<(), _> = rustls::crypto::ring::default_provider().install_default();
        let central = Central::new(settings.clone(), settings.server.pins.clone()).unwrap();
        database::migrate(&central.pool).await.unwrap();
        let campus = campuses::add(&**central.pool.get().await.unwrap(), "main", "主校区", "Main campus")
            .await
            .unwrap();
        serve_in_background(&central, listener);
        Self { central, campus: campus.id, address, http: reqwest::Client::new(), _folder: folder }
    }

    /// Another instance over the same database and store.
    pub fn beside(&self) -> SocketAddr {
        self.beside_with(|_| ())
    }

    /// The same with other settings.
    pub fn beside_with(&self, change: impl FnOnce(&mut Settings)) -> SocketAddr {
        let mut settings = self.central.settings.clone();
        change(&mut settings);
        let pins = settings.server.pins.clone();
        let listener = listen();
        let address = listener.local_addr().unwrap();
        serve_in_background(&Central::new(settings, pins).unwrap(), listener);
        address
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A booth of the campus that has enrolled.
    pub async fn booth(&self, name: &str) -> Booth {
        self.booth_of(self.campus, name).await
    }

    pub async fn booth_of(&self, campus: Uuid, name: &str) -> Booth {
        let code = {
            let client = self.central.pool.get().await.unwrap();
            devices::invite(&**client, campus, name).await.unwrap()
        };
        let key = Key(central::sha256(name.as_bytes()).0);
        let asked =
            Enrol { code, key_sha256: devices::key_hash(&key), booth_number: 1, software: "test".into() };
        let answer = self
            .http
            .post(self.url("/v1/enrolment"))
            .body(serde_json::to_vec(&asked).unwrap())
            .send()
            .await
            .unwrap();
        let enrolled: Enrolled = json(answer).await;
        Booth { device: enrolled.device_id, key }
    }

    pub async fn send(&self, booth: &Booth, method: Method, path: &str, body: &impl Serialize) -> Response {
        let body = serde_json::to_vec(body).unwrap();
        self.send_bytes(booth, method, path, body).await
    }

    pub async fn send_bytes(&self, booth: &Booth, method: Method, path: &str, body: Vec<u8>) -> Response {
        let request = self.http.request(method, self.url(path)).header("authorization", booth.token());
        request.body(body).send().await.unwrap()
    }

    pub async fn get(&self, booth: &Booth, path: &str) -> Response {
        self.http.get(self.url(path)).header("authorization", booth.token()).send().await.unwrap()
    }
}

fn listen() -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    listener
}

fn serve_in_background(central: &Central, listener: TcpListener) {
    let app = serve::router(central).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum_server::from_tcp(listener).unwrap().serve(app).await.unwrap() });
}

/// The body of a success.
pub async fn json<T: DeserializeOwned>(answer: Response) -> T {
    let (status, body) = (answer.status(), answer.bytes().await.unwrap());
    assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

/// The body of a refusal, whose status it names.
pub async fn refused(answer: Response, status: StatusCode) -> Problem {
    assert_eq!(answer.status(), status);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: Problem = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(problem.status, status.as_u16());
    problem
}
