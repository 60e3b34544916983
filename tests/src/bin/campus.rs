//! A whole campus on this machine: PostgreSQL, the central server, the stand-in for the payment providers, and a booth that has
//! enrolled.
//!
//! `campus OUT_DIR` walks one student through the real window who pays by the code on the screen, as a phone would, and leaves what
//! comes of it at central's page in OUT_DIR. `campus --stay` opens the kiosk on this display, says where everything is, and stays until
//! it is closed.

use end_to_end::booth_rig::{BoothRig, PIN};
use end_to_end::central::{Central, program};
use end_to_end::driver::{Display, Window, assets, kiosk_binary};
use end_to_end::free_port::free_port;
use end_to_end::postgres::Postgres;
use end_to_end::process::{Owned, wait_for};
use end_to_end::student::{self, Choices, Student, Unseen};
use ledger::{Ledger, Opening};
use std::io;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const SIZE: (u32, u32) = (1080, 1920);
/// Longer than anything takes on two busy cores.
const PATIENCE: Duration = Duration::from_secs(60);
/// The office's user.
const LOGIN: &str = "office";

fn main() -> io::Result<()> {
    let out = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("out"), PathBuf::from);
    if out == Path::new("--stay") {
        return Campus::start()?.stay();
    }
    std::fs::create_dir_all(&out)?;
    let installed = rustls::crypto::ring::default_provider().install_default();
    installed.map_err(|_| io::Error::other("another TLS provider is installed"))?;
    tokio::runtime::Runtime::new()?.block_on(Campus::start()?.walk(&out))
}

struct Campus {
    booth: BoothRig,
    central: Central,
    gateway: String,
    /// The office user's first password.
    password: String,
    _gateway: Owned,
    _folder: TempDir,
}

impl Campus {
    fn start() -> io::Result<Self> {
        let folder = TempDir::with_prefix("campus-")?;
        println!("campus: PostgreSQL and central");
        let central = Central::start(&folder.path().join("central"), Postgres::shared(), 1, None, None);
        let (stand_in, gateway) =
            gateway(&folder.path().join("gateway"), &folder.path().join("central/tls.crt"))?;
        for provider in ["wechat_pay", "alipay"] {
            let file = folder.path().join("gateway").join(format!("{provider}.toml"));
            central.tell(&["merchant", provider, &file.display().to_string()]);
        }
        let list = folder.path().join("roster.csv");
        std::fs::write(&list, roster()?)?;
        central.tell(&["roster", "degree", &list.display().to_string()]);
        let name = ["--name", "示范用户", "--role", "admin", "--campus", "main"];
        let password = central.tell(&[&["user", "add", LOGIN][..], &name].concat()).trim().to_owned();
        println!("campus: a booth, which enrols");
        let booth = BoothRig::new("auto")?;
        booth.add("[payment]\nonline = \"central\"\n")?;
        make_ledger(booth.data())?;
        let invitation = central.invite("示范亭 1").to_string();
        run(Command::new(beside("boothctl")?)
            .args(["enrol", &invitation])
            .env("CAMPUS_BOOTH_DATA", booth.data()))?;
        Ok(Self { booth, central, gateway, password, _gateway: stand_in, _folder: folder })
    }

    fn origin(&self) -> String {
        format!("https://localhost:{}", self.central.ports[0])
    }

    /// Opens the kiosk on this display, until it is closed.
    fn stay(self) -> io::Result<()> {
        println!("central's page: {}/office (its certificate is its own)", self.origin());
        println!("log in as {LOGIN} with {}; counter PIN {PIN}", self.password);
        println!("the stand-in for payments, in which no money moves: {}", self.gateway);
        run(Command::new(kiosk_binary()?)
            .env("CAMPUS_BOOTH_DATA", self.booth.data())
            .env("CAMPUS_BOOTH_ASSETS", assets()))
    }

    async fn walk(self, out: &Path) -> io::Result<()> {
        println!("campus: one student, who pays by the code on the screen");
        let display = Display::start(SIZE.0, SIZE.1)?;
        let window = Window::open(&display, self.booth.data(), SIZE).await?;
        let walked = pay_and_be_photographed(&window, out).await;
        if walked.is_err() {
            eprint!("{}", self.booth.log()?);
        }
        walked?;
        println!("campus: what central has");
        self.wait_for_the_books()?;
        window.close().await;
        self.photograph_the_office(out)
    }

    /// Until central has the collection and the payment.
    fn wait_for_the_books(&self) -> io::Result<()> {
        let cluster = Postgres::shared();
        let count = |sql| cluster.sql(&self.central.database, sql);
        let there = || {
            let collections = count("SELECT count(*) FROM collections");
            let paid = count(
                "SELECT count(*) FROM trades t JOIN payments p ON replace(p.id::text, '-', '') = t.number WHERE t.state = 'paid'",
            );
            (collections == "1" && paid == "1").then_some(())
        };
        wait_for("the collection and the payment at central", PATIENCE, there)
    }

    fn photograph_the_office(&self, out: &Path) -> io::Result<()> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("office/shots.js");
        let mut node = Command::new("node");
        node.arg(script).args([&self.origin(), LOGIN, &self.password]).arg(std::fs::canonicalize(out)?);
        run(&mut node)
    }
}

/// The sample's list, and the student who walks through the booth here.
fn roster() -> io::Result<String> {
    let sample = std::fs::read_to_string(assets().join("sample/roster.csv"))?;
    let Student { name, document_number, student_number, .. } = student();
    let row =
        format!("{name},居民身份证,{document_number},{student_number},物理学院,应用物理学,2022级1班,2026\n");
    Ok(sample + &row)
}

fn student() -> Student {
    Student::invented(1)
}

/// Starts the stand-in and waits for its files; where it is.
fn gateway(folder: &Path, trust: &Path) -> io::Result<(Owned, String)> {
    std::fs::create_dir_all(folder)?;
    let port = free_port()?;
    let mut command = Command::new(program());
    command.arg("demo-gateway").arg(folder).arg("--listen").arg(format!("127.0.0.1:{port}"));
    command.arg("--trust").arg(trust);
    let log = std::fs::File::create(folder.join("log"))?;
    let started = Owned::start(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log))?;
    let ready = || {
        (folder.join("alipay.toml").exists() && TcpStream::connect(("127.0.0.1", port)).is_ok()).then_some(())
    };
    wait_for("the stand-in", PATIENCE, ready)?;
    Ok((started, format!("http://127.0.0.1:{port}")))
}

/// Makes the ledger that the kiosk would make at its first start, because a booth enrols while the kiosk is stopped.
fn make_ledger(data: &Path) -> io::Result<()> {
    use booth::Clock as _;
    let key = booth::ledger_key(data).map_err(io::Error::other)?;
    let booth = domain::BoothNumber::new(1).ok_or_else(|| io::Error::other("a booth's number"))?;
    let opening = Opening { path: data.join(booth::LEDGER_FILE), key, booth, largest_bytes: None };
    Ledger::open(&opening, booth::SystemClock::default().now()).map(drop).map_err(io::Error::other)
}

fn beside(name: &str) -> io::Result<PathBuf> {
    Ok(kiosk_binary()?.with_file_name(name))
}

fn run(command: &mut Command) -> io::Result<()> {
    let done = command.status()?;
    if done.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("{:?} ended with {done}", command.get_program())))
    }
}

async fn pay_and_be_photographed(window: &Window, out: &Path) -> io::Result<()> {
    let choices = Choices { pin: None, ..Choices::degree(PIN) };
    student::identify(window, &student(), &choices, &mut Unseen).await?;
    student::order(window, &choices, &mut Unseen).await?;
    window.expect_step("pay").await?;
    window.click("pay-wechat_pay").await?;
    window.expect_shown("pay-qr").await?;
    let screen = window.screenshot().await?;
    keep(out, "campus-pay.png", &screen)?;
    pay(&read_code(&screen)?).await?;
    student::shoot_and_accept(window, &mut Unseen).await?;
    window.expect_step("done").await?;
    keep(out, "campus-done.png", &window.screenshot().await?)
}

/// What the code on the screen says, as a phone's camera reads it.
fn read_code(screen: &[u8]) -> io::Result<String> {
    let picture = image::load_from_memory(screen).map_err(io::Error::other)?.to_luma8();
    let codes = reader::code::find(&picture);
    let code = codes.first().ok_or_else(|| io::Error::other("there is no code on the screen"))?;
    String::from_utf8(code.payload().to_vec()).map_err(io::Error::other)
}

/// Opens the code's page and presses its button, as the payer does.
async fn pay(address: &str) -> io::Result<()> {
    println!("campus: the code says {address}");
    let phone = reqwest::Client::new();
    for request in [phone.get(address), phone.post(address)] {
        request.send().await.and_then(reqwest::Response::error_for_status).map_err(io::Error::other)?;
    }
    Ok(())
}

fn keep(out: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let path = out.join(name);
    std::fs::write(&path, bytes)?;
    println!("{}", path.display());
    Ok(())
}
