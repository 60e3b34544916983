//! A booth's data folder of its own, and what its ledger says.

use domain::{OrderId, order};
use ledger::{Key, Reader};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The PIN of every booth here.
pub const PIN: &str = "246810";

/// The file in a data folder by which a booth without a window says that it has served all its students.
pub const SERVED: &str = "served";

/// A data folder that is deleted with the value.
pub struct BoothRig {
    folder: TempDir,
}

impl BoothRig {
    /// A booth with the simulated camera, a shutter that only the button releases, a countdown of one second, the PIN [`PIN`], and this printer address.
    ///
    /// # Errors
    /// Those of writing a file.
    pub fn new(printer: &str) -> io::Result<Self> {
        let folder = TempDir::with_prefix("campus-booth-")?;
        write_site(folder.path(), printer)?;
        Ok(Self { folder })
    }

    /// Writes another setting in place of one that [`BoothRig::new`] wrote, before the kiosk starts.
    ///
    /// # Errors
    /// Those of reading and writing a file, and a setting that isn't there.
    pub fn set(&self, before: &str, after: &str) -> io::Result<()> {
        let path = self.data().join(booth::SITE_FILE);
        let site = std::fs::read_to_string(&path)?;
        if !site.contains(before) {
            return Err(io::Error::other(format!("{before} is not among the settings")));
        }
        std::fs::write(&path, site.replace(before, after))
    }

    /// Adds settings, as TOML, before the kiosk starts.
    ///
    /// # Errors
    /// Those of reading and writing a file.
    pub fn add(&self, settings: &str) -> io::Result<()> {
        let path = self.data().join(booth::SITE_FILE);
        let site = std::fs::read_to_string(&path)?;
        std::fs::write(&path, format!("{site}{settings}"))
    }

    /// A folder of assets of this booth's own, a copy of the product's in which each programme's `from` reads `to`. A kiosk is told of
    /// it by [`BoothRig::variables`].
    ///
    /// # Errors
    /// Those of copying files, and a text that isn't in a programme.
    pub fn change_programmes(&self, from: &str, to: &str) -> io::Result<()> {
        let assets = self.data().join("assets");
        if !assets.exists() {
            copy_folder(&crate::driver::assets(), &assets)?;
        }
        for entry in std::fs::read_dir(assets.join("programmes"))? {
            let path = entry?.path();
            let text = std::fs::read_to_string(&path)?;
            if !text.contains(from) {
                return Err(io::Error::other(format!("{from} is not in {}", path.display())));
            }
            std::fs::write(&path, text.replace(from, to))?;
        }
        Ok(())
    }

    /// Has the booth look for USB sticks in a folder of its own, before the kiosk starts.
    ///
    /// # Errors
    /// Those of files.
    pub fn take_sticks(&self) -> io::Result<()> {
        let media = self.data().join("media");
        std::fs::create_dir_all(&media)?;
        self.add(&format!("[import]\nmedia = {media:?}\n"))
    }

    /// The environment of a kiosk with assets of its own.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'static str, PathBuf)> {
        let assets = self.data().join("assets");
        if assets.exists() { vec![("CAMPUS_BOOTH_ASSETS", assets)] } else { vec![] }
    }

    /// The folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Reads the ledger, while the booth runs or after it.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn reader(&self) -> io::Result<Reader> {
        read_ledger(self.data())
    }

    /// What the kiosk wrote to its log.
    ///
    /// # Errors
    /// Those of reading a file.
    pub fn log(&self) -> io::Result<String> {
        std::fs::read_to_string(self.data().join("kiosk.log"))
    }
}

/// A USB stick that is plugged into a booth: a small file system, mounted as the kiosk's session mounts one. Whoever runs the tests
/// must be allowed to mount.
pub struct UsbStick<'a> {
    place: PathBuf,
    _booth: &'a BoothRig,
}

impl<'a> UsbStick<'a> {
    /// Plugs in an empty one.
    ///
    /// # Errors
    /// Where nothing may be mounted.
    pub fn plug(booth: &'a BoothRig) -> io::Result<Self> {
        let place = booth.data().join("media/STICK");
        std::fs::create_dir_all(&place)?;
        run(Command::new("mount").args(["-t", "tmpfs", "-o", "size=16m", "stick"]).arg(&place))?;
        Ok(Self { place, _booth: booth })
    }

    /// Puts a file on it.
    ///
    /// # Errors
    /// Those of writing a file.
    pub fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        std::fs::write(self.place.join(name), bytes)
    }
}

/// Pulls it out, whoever may be reading it.
impl Drop for UsbStick<'_> {
    fn drop(&mut self) {
        if let Err(error) = run(Command::new("umount").arg("--lazy").arg(&self.place)) {
            eprintln!("a stick stays mounted at {}: {error}", self.place.display());
        }
    }
}

fn run(command: &mut Command) -> io::Result<()> {
    let done = command.output()?;
    if done.status.success() {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(&done.stderr).into_owned()))
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &place)?;
        } else {
            std::fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

/// Writes a site's settings for a booth that is driven from outside.
///
/// # Errors
/// Those of writing a file.
pub fn write_site(data: &Path, printer: &str) -> io::Result<()> {
    let hash = booth::hash_pin(PIN).map_err(io::Error::other)?;
    let site = format!(
        "[camera]\nkind = \"simulated\"\nauto_shutter = false\n[printer]\naddress = \"{printer}\"\n[session]\ncountdown_s = 1\n[staff]\npin_hash = \"{hash}\"\n"
    );
    std::fs::write(data.join(booth::SITE_FILE), site)
}

/// Opens the ledger of a data folder for reading.
///
/// # Errors
/// Those of the ledger.
pub fn read_ledger(data: &Path) -> io::Result<Reader> {
    let key: Key = booth::ledger_key(data).map_err(io::Error::other)?;
    Reader::open(&ledger_path(data), &key).map_err(io::Error::other)
}

/// The ledger's place in a data folder.
#[must_use]
pub fn ledger_path(data: &Path) -> PathBuf {
    data.join(booth::LEDGER_FILE)
}

/// The order that the holder of this resident ID has in the programme, accepted or open.
///
/// # Errors
/// Those of the ledger.
pub fn order_of(
    reader: &Reader,
    document_number: &str,
    programme: &str,
) -> io::Result<Option<(OrderId, order::State)>> {
    let document = domain::DocumentNumber::parse(domain::DocumentKind::ResidentId, document_number);
    let document = document.map_err(io::Error::other)?;
    if let Some(open) = reader.open_order_of(&document, programme).map_err(io::Error::other)? {
        return Ok(Some((open.id, open.state)));
    }
    let accepted = reader.accepted_order_of(&document, programme).map_err(io::Error::other)?;
    Ok(accepted.map(|order| (order.id, order.state)))
}
