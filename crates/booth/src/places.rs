//! Where the booth finds its assets, its models and its data.

use std::path::{Path, PathBuf};

/// The folders of one booth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// `defaults.toml`, `programmes/`, `specs/`, `sample/`.
    pub assets: PathBuf,
    /// The models and the inference engine.
    pub models: PathBuf,
    /// The font of sheets and receipts.
    pub font: PathBuf,
    /// The database, `site.toml`, and prints of the folder printer.
    pub data: PathBuf,
}

/// A folder that isn't there.
#[derive(Debug, thiserror::Error)]
pub enum PlacesError {
    /// The assets weren't found.
    #[error("the assets were not found: set CAMPUS_BOOTH_ASSETS to the folder that holds defaults.toml")]
    NoAssets,
    /// There is no home to keep data in.
    #[error("there is no data folder: set CAMPUS_BOOTH_DATA")]
    NoData,
}

impl Places {
    /// The folders by `CAMPUS_BOOTH_ASSETS`, `CAMPUS_BOOTH_MODELS`, `CAMPUS_BOOTH_FONT` and `CAMPUS_BOOTH_DATA`; without them
    /// those of the installed package, or of the source tree and of the user's cache and data folders.
    ///
    /// # Errors
    /// [`PlacesError`] where a folder can't be told.
    pub fn from_environment() -> Result<Self, PlacesError> {
        let set = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let home = set("HOME");
        let under_home = |name, below: &str| set(name).or_else(|| home.as_ref().map(|h| h.join(below)));
        let cache = under_home("XDG_CACHE_HOME", ".cache").map(|c| c.join("campus-booth"));
        let data = under_home("XDG_DATA_HOME", ".local/share").map(|d| d.join("campus-booth"));
        Ok(Self {
            assets: set("CAMPUS_BOOTH_ASSETS").or_else(find_assets).ok_or(PlacesError::NoAssets)?,
            models: set("CAMPUS_BOOTH_MODELS").unwrap_or_else(|| installed("models", cache.as_deref())),
            font: set("CAMPUS_BOOTH_FONT").unwrap_or_else(|| installed(FONT, cache.as_deref())),
            data: set("CAMPUS_BOOTH_DATA").or(data).ok_or(PlacesError::NoData)?,
        })
    }
}

const SHARE: &str = "/usr/share/campus-booth";

/// The font's place below the installed package or the cache.
const FONT: &str = "fonts/NotoSansSC-Regular.ttf";

fn installed(name: &str, cache: Option<&Path>) -> PathBuf {
    let packaged = Path::new(SHARE).join(name);
    match cache {
        Some(cache) if !packaged.exists() => cache.join(name),
        _ => packaged,
    }
}

fn find_assets() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let above = here.ancestors().map(|folder| folder.join("assets"));
    above.chain([Path::new(SHARE).join("assets")]).find(|folder| folder.join("defaults.toml").is_file())
}
