//! `central`: the campus's central server, and what its technician does.
//!
//! Exit status 0 where all is well, 1 where it is not, 2 for a command line that means nothing.

use central::settings::{LogFormat, LogSettings, Settings, Tls};
use central::{
    Central, campuses, chain, database, devices, load, merchants, office, retention, rosters, serve, tls,
    trades,
};
use clap::{Parser, Subcommand};
use domain::programme::Kind;
use protocol::enrolment::Invitation;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

type AnyError = Box<dyn std::error::Error>;

/// A certificate that ends within so many days is warned of.
const WARNING_DAYS: i64 = 14;

#[derive(Parser)]
#[command(name = "central", version, about = "The central server of Campus Booth")]
struct Arguments {
    /// The settings' file; the environment overlays it (CENTRAL__DATABASE__URL).
    #[arg(long, global = true, env = "CENTRAL_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database's schema up to date.
    Migrate,
    /// Serve booths, payment providers and the office.
    Serve,
    /// Look whether everything that the settings name can be used.
    Check,
    /// Make a sealing key for secrets.key_file, on standard output.
    Key,
    /// Add a campus, or rename one.
    Campus {
        /// Its code: a-z, 0-9, -.
        code: String,
        /// Its name in Chinese.
        zh: String,
        /// Its name in English.
        en: String,
    },
    /// Invite a booth: prints what `boothctl enrol` wants.
    Enrol {
        /// The booth's name, for people.
        name: String,
        /// The campus's code.
        #[arg(long, default_value = "main")]
        campus: String,
    },
    /// End a booth's key for good.
    Revoke {
        /// The booth's name.
        name: String,
        /// The campus's code.
        #[arg(long, default_value = "main")]
        campus: String,
    },
    /// Users of the office.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Check the chain of a campus's audit: fails where a row was altered.
    Audit {
        /// The campus's code.
        campus: String,
    },
    /// Seal a merchant's file as a campus's account at a payment provider.
    Merchant {
        /// wechat_pay or alipay.
        provider: String,
        /// The file; `docs/operating.md` says what stands in it. It can be destroyed afterwards.
        file: PathBuf,
        /// The campus's code.
        #[arg(long, default_value = "main")]
        campus: String,
    },
    /// Make a list of the school's that of a file (.xlsx, .xls, .ods, .csv), or say what is wrong with the file.
    Roster {
        /// degree, freshman or general.
        list: String,
        /// The file.
        file: PathBuf,
        /// The campus's code.
        #[arg(long, default_value = "main")]
        campus: String,
    },
    /// Stand in for WeChat Pay and Alipay: a demonstration in which no money moves. Needs no settings.
    DemoGateway {
        /// Where its keys, its trades and the two merchants' files for `central merchant` are kept.
        folder: PathBuf,
        /// Where it listens.
        #[arg(long, default_value = "127.0.0.1:8460")]
        listen: SocketAddr,
        /// Pay each trade by itself after so many seconds; otherwise a payer opens the code's page.
        #[arg(long)]
        pays_after: Option<u64>,
        /// The certificate of a central that made its own (`tls.crt` in its data folder), so that notifications reach it.
        #[arg(long)]
        trust: Option<PathBuf>,
    },
    /// Put a load of invented booths on a server and measure how it answers.
    Load(load::Options),
    /// Print the OpenAPI description of what booths are answered.
    Openapi,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add a user: prints the password for the first log-in.
    Add {
        /// The login: 2 to 40 of a-z, 0-9, ., _ and -.
        login: String,
        /// The campus's code.
        #[arg(long, default_value = "main")]
        campus: String,
        /// The user's name.
        #[arg(long)]
        name: String,
        /// viewer, reviewer, cashier or admin.
        #[arg(long)]
        role: String,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match start(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("central: {}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments) -> Result<(), AnyError> {
    match arguments.command {
        Command::Openapi => print!("{}", central::api::description()?),
        Command::Key => println!("{}", protocol::Digest(central::seal::random()?)),
        Command::DemoGateway { folder, listen, pays_after, trust } => {
            begin_log(LogSettings { format: LogFormat::Text });
            tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(stand_in(
                &folder,
                listen,
                pays_after,
                trust.as_deref(),
            ))?;
        }
        command => {
            let settings = Settings::load(arguments.config.as_deref())?;
            begin_log(settings.log);
            if rustls::crypto::ring::default_provider().install_default().is_err() {
                return Err("another TLS provider is installed already".into());
            }
            tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()?
                .block_on(run(settings, command))?;
        }
    }
    Ok(())
}

async fn stand_in(
    folder: &Path,
    listen: SocketAddr,
    pays_after: Option<u64>,
    trust: Option<&Path>,
) -> Result<(), AnyError> {
    let gateway = central::demo::start(folder, listen, pays_after.map(Duration::from_secs), trust).await?;
    println!("演示，不会扣款 / a demonstration, no money moves: http://{}", gateway.address());
    tokio::signal::ctrl_c().await?;
    Ok(())
}

fn begin_log(settings: LogSettings) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.format {
        LogFormat::Json => log.json().flatten_event(true).init(),
        LogFormat::Text => log.init(),
    }
}

async fn run(settings: Settings, command: Command) -> Result<(), AnyError> {
    if matches!(command, Command::Migrate) {
        return Ok(database::migrate(&database::pool(&settings.database)?).await?);
    }
    let pins = tls::pins(&settings.server)?;
    let central = Central::new(settings, pins)?;
    database::require_schema(&central.pool).await?;
    match command {
        Command::Serve => {
            serve::collect_metrics(&central)?;
            let workers = vec![
                ("trades", tokio::spawn(trades::run(central.clone()))),
                ("retention", tokio::spawn(retention::run(central.clone()))),
            ];
            if let Err(error) = serve::serve_beside(central, workers).await {
                tracing::error!(error = chain(&error), "central ends");
                return Err(error.into());
            }
        }
        Command::Check => check(&central).await?,
        Command::Campus { code, zh, en } => {
            let campus = campuses::add(&**central.pool.get().await?, &code, &zh, &en).await?;
            println!("{} {}", campus.code, campus.id);
        }
        Command::Enrol { name, campus } => enrol(&central, &campus, &name).await?,
        Command::Revoke { name, campus } => revoke(&central, &campus, &name).await?,
        Command::User { command: UserCommand::Add { login, campus, name, role } } => {
            let role = office::Role::parse(&role).ok_or("a role is viewer, reviewer, cashier or admin")?;
            let mut client = central.pool.get().await?;
            let campus = campuses::named(&**client, &campus).await?;
            println!(
                "{}",
                office::accounts::add(&mut client, campus.id, "central", &login, &name, role).await?
            );
        }
        Command::Audit { campus } => audit(&central, &campus).await?,
        Command::Merchant { provider, file, campus } => {
            let provider = payment::Provider::parse(&provider).ok_or("a provider is wechat_pay or alipay")?;
            let campus = campuses::named(&**central.pool.get().await?, &campus).await?;
            merchants::keep(&central, campus.id, provider, &std::fs::read_to_string(file)?).await?;
        }
        Command::Roster { list, file, campus } => replace_roster(&central, &campus, &list, &file).await?,
        Command::Load(options) => {
            let outcome = load::put(&central, &options).await?;
            println!("{}", outcome.text);
            if !outcome.is_clean {
                return Err("the load was not answered without errors".into());
            }
        }
        Command::DemoGateway { .. } | Command::Migrate | Command::Openapi | Command::Key => {}
    }
    Ok(())
}

async fn check(central: &Central) -> Result<(), AnyError> {
    println!("database: schema {}", database::needed_version());
    central.blobs.check().await?;
    println!("object store: can be written, read and deleted from");
    for pin in &central.pins {
        println!("public key: {pin}");
    }
    // All of them are looked at, whatever is wrong with one.
    let certificate = check_certificate(central);
    let merchants = check_merchants(central).await;
    certificate.and(merchants)
}

/// Where TLS is spoken here: how long the certificate is good.
fn check_certificate(central: &Central) -> Result<(), AnyError> {
    let server = &central.settings.server;
    if server.tls == Tls::Proxy {
        println!("certificate: the proxy's, which isn't looked at");
        return Ok(());
    }
    let until = jiff::Timestamp::from_millisecond(tls::Identity::load(server)?.until_ms)?;
    let days = until.duration_since(jiff::Timestamp::now()).as_hours().div_euclid(24);
    match days {
        ..0 => {
            println!("certificate: ended {until}");
            return Err("the certificate has ended".into());
        }
        0..WARNING_DAYS => println!("certificate: WARNING: it ends in {days} days, {until}"),
        _ => println!("certificate: good until {until}"),
    }
    Ok(())
}

/// Whether each merchant's account can be opened by the sealing key, and used.
async fn check_merchants(central: &Central) -> Result<(), AnyError> {
    let mut unusable = 0;
    for (campus, provider, opened) in merchants::check(central).await? {
        match opened {
            Ok(()) => println!("account {campus} {provider}: can be opened"),
            Err(error) => {
                unusable += 1;
                println!("account {campus} {provider}: {}", chain(&error));
            }
        }
    }
    if unusable == 0 { Ok(()) } else { Err(format!("accounts that can't be used: {unusable}").into()) }
}

async fn enrol(central: &Central, campus: &str, name: &str) -> Result<(), AnyError> {
    let client = central.pool.get().await?;
    let campus = campuses::named(&**client, campus).await?;
    let code = devices::invite(&**client, campus.id, name).await?;
    let pin = central.pins.first().ok_or("no public key is known")?;
    println!("{}", Invitation::new(&central.settings.server.public_url, &code, *pin)?);
    Ok(())
}

async fn replace_roster(central: &Central, campus: &str, list: &str, file: &Path) -> Result<(), AnyError> {
    let kind = Kind::parse(list).ok_or("a list is degree, freshman or general")?;
    let entries = match roster::read(file) {
        Err(roster::RosterError::Rows(faults)) => {
            faults.iter().for_each(|fault| eprintln!("{fault}"));
            return Err(roster::RosterError::Rows(faults).into());
        }
        read => read?,
    };
    let mut client = central.pool.get().await?;
    let campus = campuses::named(&**client, campus).await?;
    let changed = rosters::replace(&mut client, campus.id, kind, &entries).await?;
    println!("{} students: {} new or changed, {} removed", entries.len(), changed.written, changed.removed);
    Ok(())
}

async fn revoke(central: &Central, campus: &str, name: &str) -> Result<(), AnyError> {
    let client = central.pool.get().await?;
    let campus = campuses::named(&**client, campus).await?;
    if devices::revoke(&**client, campus.id, name).await? {
        Ok(())
    } else {
        Err("there is no such device".into())
    }
}

async fn audit(central: &Central, campus: &str) -> Result<(), AnyError> {
    let client = central.pool.get().await?;
    let campus = campuses::named(&**client, campus).await?;
    let found = office::audit::verify(&**client, campus.id).await?;
    println!("{} rows are sound; the last one's hash is {}", found.rows, found.last);
    match found.altered {
        None => Ok(()),
        Some(place) => Err(format!("row {place} was altered, or one before it is gone").into()),
    }
}
