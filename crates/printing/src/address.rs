//! Where a printer is, as the site's settings say it: an IPP address or a folder.

use std::{fmt, path::PathBuf, str::FromStr};

/// A printer's address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PrinterAddress {
    /// `ipp://host[:port]/path`, or `ipps://` for TLS.
    Ipp(IppAddress),
    /// An absolute folder, plain or as `folder:/path`: documents are written there and count as printed.
    Folder(PathBuf),
}

/// A printer on the network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IppAddress {
    tls: bool,
    authority: String,
    path: String,
}

/// Why a text isn't a printer's address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Neither an IPP address nor an absolute folder.
    #[error("a printer's address begins with ipp://, ipps://, folder: or /")]
    UnknownKind,
    /// No host, or one with characters that no host has. User names and passwords aren't taken.
    #[error("the printer's address has no proper host")]
    Host,
    /// The port isn't 1 to 65535.
    #[error("the printer's address has no proper port")]
    Port,
    /// The path has blanks, a query or characters outside ASCII.
    #[error("the printer's address has no proper path")]
    Path,
    /// The folder isn't absolute.
    #[error("the printer's folder isn't an absolute path")]
    RelativeFolder,
}

impl IppAddress {
    /// The address that IPP requests name the printer by.
    #[must_use]
    pub fn ipp_uri(&self) -> String {
        format!("{}://{}{}", if self.tls { "ipps" } else { "ipp" }, self.authority, self.path)
    }

    /// The address that requests are posted to (RFC 8010, section 4.1).
    #[must_use]
    pub fn http_url(&self) -> String {
        format!("{}://{}{}", if self.tls { "https" } else { "http" }, self.authority, self.path)
    }

    fn parse(tls: bool, rest: &str) -> Result<Self, AddressError> {
        let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let path = if path.len() <= 1 { "/ipp/print" } else { path };
        let plain = |c: char| c.is_ascii_graphic() && !"?#%\"<>\\^`{|}".contains(c);
        if !path.chars().all(plain) {
            return Err(AddressError::Path);
        }
        let (host, port) = split_port(authority)?;
        check_host(host)?;
        Ok(Self { tls, authority: format!("{host}:{port}"), path: path.to_owned() })
    }
}

/// The host and the port, 631 where none is said.
fn split_port(authority: &str) -> Result<(&str, u16), AddressError> {
    let after_host = authority.rfind(']').unwrap_or(0);
    match authority[after_host..].find(':') {
        None => Ok((authority, 631)),
        Some(colon) => {
            let (host, port) = authority.split_at(after_host + colon);
            let digits = port[1..].chars().all(|c| c.is_ascii_digit());
            let port = port[1..].parse().ok().filter(|&port: &u16| digits && port > 0);
            Ok((host, port.ok_or(AddressError::Port)?))
        }
    }
}

/// A name, an IPv4 address, or an IPv6 address in brackets.
fn check_host(host: &str) -> Result<(), AddressError> {
    let named = |host: &str| {
        host.starts_with(|c: char| c.is_ascii_alphanumeric())
            && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
    };
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let proper = bracketed.map_or_else(|| named(host), |v6| v6.parse::<std::net::Ipv6Addr>().is_ok());
    if proper { Ok(()) } else { Err(AddressError::Host) }
}

impl FromStr for PrinterAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("ipp://") {
            return IppAddress::parse(false, rest).map(Self::Ipp);
        }
        if let Some(rest) = text.strip_prefix("ipps://") {
            return IppAddress::parse(true, rest).map(Self::Ipp);
        }
        let folder = text.strip_prefix("folder:");
        match folder.unwrap_or(text) {
            path if path.starts_with('/') => Ok(Self::Folder(path.into())),
            _ if folder.is_some() => Err(AddressError::RelativeFolder),
            _ => Err(AddressError::UnknownKind),
        }
    }
}

impl fmt::Display for PrinterAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ipp(address) => f.write_str(&address.ipp_uri()),
            Self::Folder(path) => write!(f, "folder:{}", path.display()),
        }
    }
}
