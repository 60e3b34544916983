//! The key of the ledger: a systemd credential on a kiosk, a file that only its user can read in development.

use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The credential's name in the unit (`LoadCredentialEncrypted=ledger-key:...`), and the file's in the data folder.
const NAME: &str = "ledger-key";

/// A key that can't be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or made.
    #[error("the key {} can't be used", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is no key.
    #[error(
        "the ledger's key is neither in $CREDENTIALS_DIRECTORY nor at {}; on an installed booth run this as its service",
        path.display()
    )]
    Missing {
        /// Where one would be in development.
        path: PathBuf,
    },
    /// Others can read the file.
    #[error("the key {} can be read by others: chmod 600", path.display())]
    Exposed {
        /// Which.
        path: PathBuf,
    },
    /// The file isn't a key.
    #[error("the key {} is not 64 hexadecimal digits", path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
    },
}

/// The key from `$CREDENTIALS_DIRECTORY`, or else from the data folder, where the first start makes one.
///
/// # Errors
/// [`KeyError`], naming the file. A key that is there and isn't good is never replaced: the ledger would be lost.
pub fn ledger_key(data: &Path) -> Result<ledger::Key, KeyError> {
    match existing_ledger_key(data) {
        Err(KeyError::Missing { path }) => {
            make(&path).map_err(|source| KeyError::File { path: path.clone(), source })?;
            read(&path)
        }
        key => key,
    }
}

/// The key as [`ledger_key`] finds it; none is made, so that a lost one shows.
///
/// # Errors
/// [`KeyError`], naming the file.
pub fn existing_ledger_key(data: &Path) -> Result<ledger::Key, KeyError> {
    if let Some(credentials) = std::env::var_os("CREDENTIALS_DIRECTORY") {
        let path = Path::new(&credentials).join(NAME);
        if path.exists() {
            // systemd alone decides who may read a credential; its ACL shows as group permissions.
            return read(&path);
        }
    }
    let path = data.join(NAME);
    if !path.exists() {
        return Err(KeyError::Missing { path });
    }
    let failed = |source| KeyError::File { path: path.clone(), source };
    if std::fs::metadata(&path).map_err(failed)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyError::Exposed { path });
    }
    read(&path)
}

fn read(path: &Path) -> Result<ledger::Key, KeyError> {
    let failed = |source| KeyError::File { path: path.into(), source };
    let text = std::fs::read_to_string(path).map_err(failed)?;
    ledger::Key::from_hex(&text).map_err(|_| KeyError::Malformed { path: path.into() })
}

/// Writes a new key; it is on the disk before the ledger that it opens.
fn make(path: &Path) -> io::Result<()> {
    let mut bytes = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let new = path.with_extension("new");
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(hex.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_start_makes_a_key_and_the_next_finds_it() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(NAME);
        ledger_key(data.path()).unwrap();
        let first = std::fs::read_to_string(&path).unwrap();
        assert_eq!(first.len(), 64, "32 bytes in hexadecimal");
        ledger_key(data.path()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), first, "a key is never replaced");
    }

    #[test]
    fn a_key_that_is_no_key_is_refused_and_kept() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join(NAME);
        ledger_key(data.path()).unwrap();
        std::fs::write(&path, "half a key").unwrap();
        assert!(matches!(ledger_key(data.path()), Err(KeyError::Malformed { .. })));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(ledger_key(data.path()), Err(KeyError::Exposed { .. })));
    }
}
