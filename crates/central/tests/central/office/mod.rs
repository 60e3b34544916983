//! The office's pages, asked for as a browser does.

mod campuses;
mod export;
mod login;
mod money;
mod review;
mod users;

use crate::batches::{batch, envelope, order, photo};
use crate::bench::{Bench, Booth};
use central::Central;
use central::office::{Role, accounts};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};
use totp_rs::{Algorithm, Builder, Secret};

/// The password that users choose here.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody with a browser.
#[derive(Clone)]
pub struct Visitor {
    pub address: SocketAddr,
    http: reqwest::Client,
    cookie: String,
}

/// An instance whose address is one of TLS, as that of a campus is.
pub async fn office() -> Bench {
    let mut bench = Bench::new().await;
    let mut settings = bench.central.settings.clone();
    settings.server.public_url = "https://central.test".into();
    bench.central = Central::new(settings.clone(), settings.server.pins.clone()).unwrap();
    bench.address = bench.beside();
    bench
}

/// A page as it came.
pub struct Page {
    pub status: StatusCode,
    pub to: String,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Page {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What stands between `before` and `after`.
    pub fn between(&self, before: &str, after: &str) -> String {
        let text = self.text();
        let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1;
        rest.split_once(after).expect("an end").0.to_owned()
    }

    pub fn csrf(&self) -> String {
        self.between("name=\"csrf\" value=\"", "\"")
    }
}

pub fn code(secret: &str, steps_ahead: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).build().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    totp.generate(now.saturating_add_signed(30 * steps_ahead)).to_string()
}

/// Six digits that are no code of this factor, now and in the minutes around it.
pub fn wrong_code(secret: &str) -> String {
    let right: Vec<_> = (-5..=5).map(|steps| code(secret, steps)).collect();
    (0..).map(|n| format!("{n:06}")).find(|tried| !right.contains(tried)).unwrap()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

impl Visitor {
    pub fn new(address: SocketAddr) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { address, http, cookie: "office_language=en".into() }
    }

    async fn take(&mut self, answer: Response) -> Page {
        for cookie in answer.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(
                cookie.contains("; Path=/; HttpOnly; SameSite=Strict; Secure"),
                "a cookie that scripts and others see: {cookie}"
            );
            if cookie.starts_with("__Host-office=") {
                self.cookie = format!("office_language=en; {}", cookie.split(';').next().unwrap());
            }
        }
        let headers = answer.headers().clone();
        let to = headers.get("location").map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        Page { status: answer.status(), to, headers, bytes: answer.bytes().await.unwrap().to_vec() }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let request = self.http.get(format!("http://{}{path}", self.address)).header("cookie", &self.cookie);
        let answer = request.send().await.unwrap();
        self.take(answer).await
    }

    /// Sends a form without looking whether it is this session's.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)], site: Option<&str>) -> Page {
        let mut request =
            self.http.post(format!("http://{}{path}", self.address)).header("cookie", &self.cookie);
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        let answer = request.body(encoded(fields)).send().await.unwrap();
        self.take(answer).await
    }

    /// Sends a form of this session.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.get("/office/password").await.csrf();
        let all: Vec<_> = std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()).collect();
        self.send(path, &all, Some("same-origin")).await
    }

    pub async fn password(&mut self, campus: &str, login: &str, password: &str) -> Page {
        let fields = [("campus", campus), ("login", login), ("password", password)];
        self.send("/office/login", &fields, Some("same-origin")).await
    }

    /// Sets up the second factor, and gives its first code; the secret and that code.
    pub async fn set_up_factor(&mut self) -> (String, String) {
        let page = self.get("/office/second-factor").await;
        let (csrf, offer) = (page.csrf(), page.between("name=\"offer\" value=\"", "\""));
        let secret = page.between("<code class=\"secret\">", "</code>");
        let used = code(&secret, 0);
        let fields = [("csrf", csrf.as_str()), ("offer", &offer), ("code", &used)];
        let page = self.send("/office/second-factor", &fields, Some("same-origin")).await;
        assert_eq!((page.status, page.to.as_str()), (StatusCode::SEE_OTHER, "/office"), "{}", page.text());
        (secret, used)
    }

    pub async fn give_code(&mut self, code: &str) -> Page {
        let csrf = self.get("/office/second-factor").await.csrf();
        self.send("/office/second-factor", &[("csrf", &csrf), ("code", code)], Some("same-origin")).await
    }
}

impl Bench {
    /// Adds a user; the password for the first log-in.
    pub async fn user(&self, campus: uuid::Uuid, login: &str, role: Role) -> String {
        let mut client = self.central.pool.get().await.unwrap();
        accounts::add(&mut client, campus, "central", login, "测试员", role).await.unwrap()
    }

    /// Somebody of this role who has logged in.
    pub async fn staff(&self, login: &str, role: Role) -> Visitor {
        self.staff_with_factor(login, role).await.0
    }

    /// The same, and the second factor's secret.
    pub async fn staff_with_factor(&self, login: &str, role: Role) -> (Visitor, String) {
        let first = self.user(self.campus, login, role).await;
        let mut visitor = Visitor::new(self.address);
        let page = visitor.password("main", login, &first).await;
        assert_eq!(page.to, "/office/second-factor", "{}", page.text());
        let (secret, _) = visitor.set_up_factor().await;
        let fields = [("old", first.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
        let page = visitor.post("/office/password", &fields).await;
        assert_eq!(page.to, "/office", "{}", page.text());
        (visitor, secret)
    }

    /// A booth that sent the orders `from..from + count` with their photos.
    pub async fn photos(&self, booth: &Booth, from: u64, count: u64) {
        let sha256 = self.put_photo(booth, photo()).await;
        let events = (from..from + count).flat_map(|n| order(n, &sha256));
        let events =
            events.enumerate().map(|(at, event)| envelope((from - 1) * 3 + at as u64 + 1, &event)).collect();
        self.take(booth, &batch(1, events)).await;
    }

    pub async fn run(&self, sql: &str) {
        self.central.pool.get().await.unwrap().batch_execute(sql).await.unwrap();
    }
}

/// The photo of order `n`.
pub fn photo_id(n: u64) -> String {
    crate::batches::id(2_000_000 + n).to_string()
}
