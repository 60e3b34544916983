//! What a printer says is the matter: IPP's `printer-state-reasons` under the names that staff act on.

use crate::FaultName;
use std::fmt;

/// One reason of a printer's state (RFC 8011, section 5.4.12, and PWG 5100.9).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StateReason {
    /// `media-empty`: no paper.
    OutOfPaper,
    /// `media-needed`: other paper than what is loaded is wanted.
    PaperNeeded,
    /// `media-low`.
    PaperLow,
    /// `media-jam`.
    PaperJam,
    /// `cover-open`, `door-open` or `interlock-open`.
    CoverOpen,
    /// `marker-supply-empty` or `toner-empty`: no ribbon, ink or toner.
    RibbonEmpty,
    /// `marker-supply-low` or `toner-low`.
    RibbonLow,
    /// `input-tray-missing` or `output-tray-missing`.
    TrayMissing,
    /// `output-area-full`: finished prints must be taken away.
    OutputFull,
    /// `paused`, `moving-to-paused` or `hold-new-jobs`: somebody stopped it.
    Paused,
    /// `shutdown`, `power-down`, `timed-out` or `connecting-to-device`: a queue that doesn't reach its device.
    Offline,
    /// A keyword that isn't listed here.
    Unlisted(String),
}

impl StateReason {
    /// The reason that a keyword means; `none` means none. The endings `-report`, `-warning` and `-error` only grade it, and
    /// not by what staff must do: a printer without paper says `media-empty-report` as long as it has nothing to print.
    #[must_use]
    pub fn parse(keyword: &str) -> Option<Self> {
        let graded =
            ["-report", "-warning", "-error"].into_iter().find_map(|grade| keyword.strip_suffix(grade));
        let bare = graded.unwrap_or(keyword);
        Some(match bare {
            "none" | "" => return None,
            "media-empty" => Self::OutOfPaper,
            "media-needed" => Self::PaperNeeded,
            "media-low" => Self::PaperLow,
            "media-jam" => Self::PaperJam,
            "cover-open" | "door-open" | "interlock-open" => Self::CoverOpen,
            "marker-supply-empty" | "toner-empty" => Self::RibbonEmpty,
            "marker-supply-low" | "toner-low" => Self::RibbonLow,
            "input-tray-missing" | "output-tray-missing" => Self::TrayMissing,
            "output-area-full" => Self::OutputFull,
            "paused" | "moving-to-paused" | "hold-new-jobs" => Self::Paused,
            "shutdown" | "power-down" | "timed-out" | "connecting-to-device" => Self::Offline,
            unlisted => Self::Unlisted(unlisted.to_owned()),
        })
    }

    /// The fault that this is, where nothing prints until somebody acts.
    #[must_use]
    pub fn fault(&self) -> Option<FaultName> {
        match self {
            Self::OutOfPaper | Self::PaperNeeded => Some(FaultName::OutOfPaper),
            Self::PaperJam => Some(FaultName::PaperJam),
            Self::CoverOpen => Some(FaultName::CoverOpen),
            Self::RibbonEmpty => Some(FaultName::RibbonEmpty),
            Self::TrayMissing => Some(FaultName::TrayMissing),
            Self::OutputFull => Some(FaultName::OutputFull),
            Self::Paused => Some(FaultName::Paused),
            Self::Offline => Some(FaultName::Offline),
            Self::PaperLow | Self::RibbonLow | Self::Unlisted(_) => None,
        }
    }
}

impl fmt::Display for StateReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutOfPaper => "out of paper",
            Self::PaperNeeded => "other paper needed",
            Self::PaperLow => "paper low",
            Self::PaperJam => "paper jam",
            Self::CoverOpen => "cover open",
            Self::RibbonEmpty => "ribbon empty",
            Self::RibbonLow => "ribbon low",
            Self::TrayMissing => "tray missing",
            Self::OutputFull => "output full",
            Self::Paused => "paused",
            Self::Offline => "device not reached",
            Self::Unlisted(keyword) => keyword,
        })
    }
}
