//! Which of a booth's settings the campus may set from afar, and to what. Central offers these and no others; the booth takes these
//! and no others.

/// A setting that the campus may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CampusSetting {
    /// Its name in the booth's file, `group.name`.
    pub name: &'static str,
    /// What it can be.
    pub form: SettingForm,
}

/// What a setting can be, as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingForm {
    /// `true` or `false`.
    Switch,
    /// A whole number.
    Whole {
        /// The least.
        least: u16,
        /// The most.
        most: u16,
    },
    /// An object with `zh` and `en`, each of 1 to so many characters.
    Texts(usize),
    /// An `https://` address of at most 200 characters with `{number}` in it.
    OrderAddress,
    /// One of these texts.
    Choice(&'static [&'static str]),
}

const DAYS: SettingForm = SettingForm::Whole { least: 0, most: 3_650 };
const SECONDS: SettingForm = SettingForm::Whole { least: 5, most: 3_600 };

const fn setting(name: &'static str, form: SettingForm) -> CampusSetting {
    CampusSetting { name, form }
}

/// All of them: none that needs hands at the booth, or that could take its money or its locks away.
pub const CAMPUS_SETTINGS: [CampusSetting; 10] = [
    setting("booth.contact", SettingForm::Texts(60)),
    setting("booth.follow_url", SettingForm::OrderAddress),
    setting("camera.auto_shutter", SettingForm::Switch),
    setting("camera.preview_background", SettingForm::Switch),
    setting("login.lock_s", SECONDS),
    setting("login.tries", SettingForm::Whole { least: 1, most: 100 }),
    setting("payment.online", SettingForm::Choice(&["none", "central"])),
    setting("retention.synced_days", DAYS),
    setting("retention.unpaid_days", DAYS),
    setting("session.screen_s", SECONDS),
];

impl CampusSetting {
    /// The setting of this name, if it is one of the campus's.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Self> {
        CAMPUS_SETTINGS.iter().find(|setting| setting.name == name)
    }
}
