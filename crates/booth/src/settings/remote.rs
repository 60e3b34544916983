//! Settings that the campus may set over the site's own file: those of [`protocol::campus_settings`]. They hold from the next start on.

use super::{Settings, SettingsError, overlay, read_table};
use protocol::campus_settings::CampusSetting;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// A setting of the campus's that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum RemoteSettingError {
    /// It isn't the campus's to set.
    #[error("the setting is not one that the campus may set")]
    NotRemote,
    /// Its value can't be a setting's.
    #[error("the value of {name} is none that a setting can have")]
    Form {
        /// Which.
        name: &'static str,
        /// Why.
        #[source]
        source: toml::ser::Error,
    },
    /// No money moves with the simulated provider, so it is the site's to choose.
    #[error("payment.online may be set to none or central")]
    Simulated,
    /// Its value isn't of its type, or outside its limits.
    #[error("{name} can't be set so")]
    Value {
        /// Which.
        name: &'static str,
        /// Why.
        #[source]
        source: Box<SettingsError>,
    },
}

/// The defaults with the site's file over them, before the campus's settings.
#[derive(Clone, Debug)]
pub struct SettingsBase {
    table: Table,
    site: PathBuf,
}

impl SettingsBase {
    /// Reads both files.
    ///
    /// # Errors
    /// [`SettingsError`], naming the file.
    pub fn read(defaults: &Path, site: &Path) -> Result<Self, SettingsError> {
        let mut table = read_table(defaults)?;
        if site.exists() {
            overlay(&mut table, read_table(site)?);
        }
        Ok(Self { table, site: site.to_owned() })
    }

    /// The settings of the two files.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn settings(&self) -> Result<Settings, SettingsError> {
        self.of(self.table.clone())
    }

    fn of(&self, table: Table) -> Result<Settings, SettingsError> {
        let parse = |source| SettingsError::Parse { path: self.site.clone(), source };
        Settings::deserialize(Value::Table(table)).map_err(parse)?.checked()
    }

    /// Whether the campus may set it.
    #[must_use]
    pub fn is_remote(&self, name: &str) -> bool {
        CampusSetting::of(name).is_some()
    }

    /// Whether the campus may set this setting so.
    ///
    /// # Errors
    /// [`RemoteSettingError`].
    pub fn accept(&self, name: &str, value: &serde_json::Value) -> Result<(), RemoteSettingError> {
        let mut table = self.table.clone();
        self.set(&mut table, name, value)
    }

    /// The settings with those of the campus over them. One that can't be used (the site's own file changed since) is passed over.
    ///
    /// # Errors
    /// [`SettingsError`] of the two files.
    pub fn with(&self, remote: &[(String, serde_json::Value)]) -> Result<Settings, SettingsError> {
        let mut table = self.table.clone();
        for (name, value) in remote {
            if let Err(error) = self.set(&mut table, name, value) {
                tracing::error!(%error, "a setting of the campus can't be used; the site's own holds");
            }
        }
        self.of(table)
    }

    /// Sets it in `table`, or leaves that as it was.
    fn set(
        &self,
        table: &mut Table,
        name: &str,
        value: &serde_json::Value,
    ) -> Result<(), RemoteSettingError> {
        let name = CampusSetting::of(name).ok_or(RemoteSettingError::NotRemote)?.name;
        if name == "payment.online" && !["none", "central"].map(Some).contains(&value.as_str()) {
            return Err(RemoteSettingError::Simulated);
        }
        let value = Value::try_from(value).map_err(|source| RemoteSettingError::Form { name, source })?;
        let mut changed = table.clone();
        let (group, key) = name.split_once('.').unwrap_or(("", name));
        if let Some(Value::Table(group)) = changed.get_mut(group) {
            group.insert(key.to_owned(), value);
        }
        self.of(changed.clone())
            .map_err(|source| RemoteSettingError::Value { name, source: Box::new(source) })?;
        *table = changed;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{OnlineChoice, TextSetting};
    use proptest::prelude::*;
    use protocol::campus_settings::{CAMPUS_SETTINGS, SettingForm};
    use serde_json::json;

    fn base() -> SettingsBase {
        let defaults = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/defaults.toml");
        SettingsBase::read(&defaults, Path::new("/nonexistent/site.toml")).unwrap()
    }

    #[test]
    fn every_setting_of_the_list_exists() {
        let base = base();
        for CampusSetting { name, .. } in CAMPUS_SETTINGS {
            let (group, key) = name.split_once('.').unwrap();
            assert!(base.table[group].get(key).is_some(), "{name} is a setting");
        }
    }

    #[test]
    fn whatever_the_office_may_type_is_taken() {
        for CampusSetting { name, form } in CAMPUS_SETTINGS {
            let values = match form {
                SettingForm::Switch => vec![json!(true), json!(false)],
                SettingForm::Whole { least, most } => vec![json!(least), json!(most)],
                SettingForm::Texts(longest) => vec![json!({"zh": "亭".repeat(longest), "en": "b"})],
                SettingForm::OrderAddress => vec![json!(format!("https://{}/{{number}}", "a".repeat(183)))],
                SettingForm::Choice(codes) => codes.iter().map(|code| json!(code)).collect(),
            };
            for value in values {
                base().accept(name, &value).unwrap();
            }
        }
    }

    #[test]
    fn the_campus_sets_what_is_its_to_set() {
        let base = base();
        let remote = |name: &str, value| (name.to_owned(), value);
        let settings = base
            .with(&[
                remote("retention.synced_days", json!(7)),
                remote("booth.contact", json!({"zh": "一卡通中心", "en": "Card office"})),
                remote("payment.online", json!("central")),
                remote("session.screen_s", json!(4)),
                remote("staff.pin_hash", json!("$x")),
            ])
            .unwrap();
        assert_eq!(
            (settings.retention.synced_days, settings.session.screen_s),
            (7, 90),
            "a bad one is passed over"
        );
        assert_eq!(settings.booth.contact, TextSetting { zh: "一卡通中心".into(), en: "Card office".into() });
        assert_eq!(settings.payment.online, OnlineChoice::Central);
        assert_eq!(settings.staff.pin_hash, "", "the PIN is set at the booth");
    }

    #[test]
    fn what_is_not_the_campuss_to_set_or_makes_no_sense_is_refused() {
        for (name, value) in [
            ("staff.pin_hash", json!("")),
            ("camera.kind", json!("simulated")),
            ("payment.online", json!("simulated")),
            ("payment.online", json!(1)),
            ("retention.synced_days", json!(-1)),
            ("retention.synced_days", json!(null)),
            ("session.screen_s", json!("long")),
            ("booth.follow_url", json!("http://plain/{number}")),
        ] {
            assert!(base().accept(name, &value).is_err(), "{name} = {value}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_the_settings_stay_whole(at in 0..CAMPUS_SETTINGS.len(), text in ".{0,20}", number in any::<i64>()) {
            let (base, name) = (base(), CAMPUS_SETTINGS[at].name);
            let remote = [(name.to_owned(), json!(text)), (name.to_owned(), json!(number)), (name.to_owned(), json!([text]))];
            prop_assert!(base.with(&remote).is_ok());
        }
    }
}
