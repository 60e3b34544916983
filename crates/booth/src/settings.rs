//! The booth's settings: `assets/defaults.toml` holds every one of them, a site's own file overlays it key by key.

mod remote;

pub use remote::{RemoteSettingError, SettingsBase};

use domain::BoothNumber;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A text in both languages, as files and settings give it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextSetting {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<TextSetting> for domain::programme::Text {
    fn from(text: TextSetting) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

/// All settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// This booth.
    pub booth: BoothSettings,
    /// Its camera.
    pub camera: CameraSettings,
    /// Its printer.
    pub printer: PrinterSettings,
    /// A student's session.
    pub session: SessionSettings,
    /// Staff.
    pub staff: StaffSettings,
    /// How long data is kept.
    pub retention: RetentionSettings,
    /// The ID card reader.
    pub reader: ReaderSettings,
    /// The way to the central server.
    pub central: CentralSettings,
    /// Online payment.
    pub payment: PaymentSettings,
    /// Students' passwords.
    pub login: LoginSettings,
    /// Pictures from USB sticks.
    pub import: ImportSettings,
}

/// The ID card reader's settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReaderSettings {
    /// Its serial port; empty: there is none.
    pub port: PathBuf,
}

/// Who takes online payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnlineChoice {
    /// Nobody: the counter only.
    None,
    /// The simulated provider: no money moves.
    Simulated,
    /// The campus's central server, with whatever it takes.
    Central,
}

/// Online payment's settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentSettings {
    /// Who takes it.
    pub online: OnlineChoice,
    /// Seconds after which the simulated provider says that a trade was paid; 0: never by itself.
    pub simulated_pays_after_s: u32,
}

/// The way to the central server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CentralSettings {
    /// The most bytes that are sent in a second; 0: as many as the network takes.
    pub bytes_per_second: u32,
}

/// Students' passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginSettings {
    /// Wrong passwords in a row that cost the long pause.
    pub tries: u32,
    /// The long pause in seconds.
    pub lock_s: u32,
}

/// Pictures from USB sticks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportSettings {
    /// Below which folder sticks are mounted.
    pub media: PathBuf,
}

/// This booth.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoothSettings {
    /// Which booth of the campus, 1 to 999.
    pub number: u16,
    /// Who answers questions.
    pub contact: TextSetting,
    /// The address at which an order can be followed, with `{number}` for the order's number; empty: there is none.
    pub follow_url: String,
}

/// Which camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameraChoice {
    /// The first webcam, or the simulated camera where there is none.
    Auto,
    /// The webcam, whatever happens.
    Webcam,
    /// A folder of pictures.
    Folder,
    /// The simulated camera.
    Simulated,
}

/// The camera's settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CameraSettings {
    /// Which one.
    pub kind: CameraChoice,
    /// The folder camera's pictures.
    pub folder: PathBuf,
    /// What the simulated camera plays; empty: a compliant person.
    pub script: PathBuf,
    /// The picture that is held before the simulated camera while a document is asked for, below the folder of assets.
    pub document: PathBuf,
    /// Whether the countdown starts by itself once everything has held for a second.
    pub auto_shutter: bool,
    /// Whether the preview begins with the official background behind the student.
    pub preview_background: bool,
}

/// The printer's settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrinterSettings {
    /// `auto`, or an IPP address.
    pub address: String,
    /// Where the folder printer writes.
    pub folder: PathBuf,
}

/// A session's settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSettings {
    /// Seconds of countdown before a shot.
    pub countdown_s: u8,
    /// Seconds that a screen without a touch stays while no programme is chosen.
    pub screen_s: u32,
}

/// Staff's settings.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffSettings {
    /// Argon2id hash of the counter's PIN, in PHC form; empty: no counter payment.
    pub pin_hash: String,
    /// Wrong PINs in a row that lock the pad.
    pub pin_tries: u32,
    /// Seconds that the pad stays locked.
    pub pin_lock_s: u32,
}

impl std::fmt::Debug for StaffSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffSettings").field("pin_set", &!self.pin_hash.is_empty()).finish_non_exhaustive()
    }
}

/// How long data is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionSettings {
    /// Days until an unpaid order expires.
    pub unpaid_days: u16,
    /// Days that personal data stays after central has everything.
    pub synced_days: u16,
}

/// Settings that can't be read.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file can't be read.
    #[error("{} can't be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file isn't TOML, or has a setting that doesn't exist or isn't of its type.
    #[error("{} is not valid", path.display())]
    Parse {
        /// Which.
        path: PathBuf,
        /// Why, with line and key.
        #[source]
        source: toml::de::Error,
    },
    /// A value is outside its limits.
    #[error("{setting} must be {rule}")]
    OutOfRange {
        /// Which, such as `booth.number`.
        setting: &'static str,
        /// What it must be.
        rule: &'static str,
    },
}

impl Settings {
    /// The defaults, overlaid by the site's file where there is one.
    ///
    /// # Errors
    /// [`SettingsError`], naming the file.
    pub fn load(defaults: &Path, site: &Path) -> Result<Self, SettingsError> {
        SettingsBase::read(defaults, site)?.settings()
    }

    /// This booth's number.
    ///
    /// # Errors
    /// [`SettingsError::OutOfRange`], which a loaded file can't have.
    pub fn booth_number(&self) -> Result<BoothNumber, SettingsError> {
        let wrong = SettingsError::OutOfRange { setting: "booth.number", rule: "1 to 999" };
        BoothNumber::new(self.booth.number).ok_or(wrong)
    }

    fn checked(self) -> Result<Self, SettingsError> {
        let wrong = |setting, rule| Err(SettingsError::OutOfRange { setting, rule });
        self.booth_number()?;
        if !(1..=10).contains(&self.session.countdown_s) {
            return wrong("session.countdown_s", "1 to 10");
        }
        if !(5..=3600).contains(&self.session.screen_s) {
            return wrong("session.screen_s", "5 to 3600");
        }
        if self.staff.pin_tries == 0 || self.staff.pin_lock_s == 0 {
            return wrong("staff.pin_tries and staff.pin_lock_s", "1 or more");
        }
        if self.login.tries == 0 || self.login.lock_s == 0 {
            return wrong("login.tries and login.lock_s", "1 or more");
        }
        let follow = &self.booth.follow_url;
        if follow.len() > 200
            || !(follow.is_empty() || follow.starts_with("https://") && follow.contains("{number}"))
        {
            return wrong(
                "booth.follow_url",
                "empty, or an https address of at most 200 characters with {number} in it",
            );
        }
        Ok(self)
    }
}

fn read_table(path: &Path) -> Result<Table, SettingsError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| SettingsError::Read { path: path.into(), source })?;
    toml::from_str(&text).map_err(|source| SettingsError::Parse { path: path.into(), source })
}

fn overlay(base: &mut Table, over: Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(base)), Value::Table(over)) => overlay(base, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/defaults.toml")
    }

    fn with_site(site: &str) -> Result<Settings, SettingsError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("site.toml");
        std::fs::write(&path, site).unwrap();
        Settings::load(&defaults(), &path)
    }

    #[test]
    fn the_defaults_cover_every_setting() {
        // No field has a serde default: a setting that is missing from the file fails here.
        Settings::load(&defaults(), Path::new("/nonexistent/site.toml")).unwrap();
    }

    #[test]
    fn a_site_overlays_key_by_key() {
        let settings = with_site("[camera]\nkind = \"simulated\"\n").unwrap();
        assert_eq!(settings.camera.kind, CameraChoice::Simulated, "the site's value wins");
        assert_eq!(settings.booth.number, 1, "what the site doesn't name keeps its default");
    }

    #[test]
    fn a_mistake_is_named() {
        for (site, word) in [
            ("[camera]\nkindd = 1\n", "kindd"),
            ("[booth]\nnumber = 1000\n", "booth.number"),
            ("[session]\ncountdown_s = 0\n", "countdown_s"),
            ("[login]\ntries = 0\n", "login.tries"),
            ("[booth]\nfollow_url = \"http://x/{number}\"\n", "follow_url"),
            ("not toml", "site.toml"),
        ] {
            let error = with_site(site).unwrap_err();
            let chain = format!("{error} {:?}", std::error::Error::source(&error).map(ToString::to_string));
            assert!(chain.contains(word), "{chain} should name {word}");
        }
    }
}
