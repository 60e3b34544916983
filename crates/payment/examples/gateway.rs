//! **A demonstration: no money moves.** Runs the stand-in gateway and writes the merchants' files for a central.
//!
//! `cargo run -p payment --example gateway -- FOLDER [ADDRESS [PUBLIC_URL]]`: keys, trades, `wechat.toml` and
//! `alipay.toml` are kept in FOLDER; ADDRESS is `127.0.0.1:9400` unless given; PUBLIC_URL is where payers' phones find
//! it. `/control/` is served, so give it no address that strangers reach.

use payment::gateway::{Gateway, GatewayError, GatewaySettings, keys};
use std::{env, error::Error, fs, path::PathBuf};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("usage: gateway FOLDER [ADDRESS [PUBLIC_URL]]")?);
    let listener = TcpListener::bind(arguments.next().unwrap_or_else(|| "127.0.0.1:9400".to_owned())).await?;
    let port = listener.local_addr()?.port();
    let settings = GatewaySettings {
        public_url: arguments.next(),
        control: true,
        file: Some(folder.join("trades.json")),
        ..GatewaySettings::default()
    };
    let gateway = Gateway::start(listener, keys(&folder)?, settings)?;
    write_merchants(&gateway, &folder, port)?;
    println!("A demonstration of WeChat Pay and Alipay at {}. No money moves.", gateway.address());
    std::future::pending::<()>().await;
    Ok(())
}

/// The two files that central is given.
fn write_merchants(gateway: &Gateway, folder: &std::path::Path, port: u16) -> Result<(), GatewayError> {
    let (wechat, alipay) = gateway.merchants(&format!("http://127.0.0.1:{port}"));
    for (name, text) in [("wechat.toml", wechat), ("alipay.toml", alipay)] {
        fs::write(folder.join(name), text).map_err(|source| GatewayError::File { name, source })?;
    }
    Ok(())
}
