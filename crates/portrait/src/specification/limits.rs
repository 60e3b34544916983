//! The limits of the measures of a person: `assets/limits.toml` for every specification, and what a specification's own
//! `[limits.NAME]` puts in its place.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{SourceRule, SpecificationError};
use crate::measure::{Limit, Measure};
use crate::measures::limited;

/// What every specification begins with.
const COMMON: &str = include_str!("../../../../assets/limits.toml");

/// Limits by the measures' codes.
pub(super) type LimitTables = BTreeMap<String, LimitTable>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitTable {
    #[serde(default = "below_all")]
    low: f64,
    #[serde(default = "above_all")]
    high: f64,
    refuse: bool,
    origin: String,
}

fn below_all() -> f64 {
    f64::NEG_INFINITY
}

fn above_all() -> f64 {
    f64::INFINITY
}

/// The common limits with a specification's own in their place.
pub(super) fn limits(own: LimitTables) -> Result<BTreeMap<Measure, Limit>, SpecificationError> {
    let mut tables: LimitTables = toml::from_str(COMMON)?;
    tables.extend(own);
    let limits: BTreeMap<Measure, Limit> = tables.into_iter().map(validate).collect::<Result<_, _>>()?;
    match limited().find(|m| !limits.contains_key(m)) {
        Some(measure) => Err(SpecificationError::NoLimit { name: measure.code() }),
        None => Ok(limits),
    }
}

fn validate((name, table): (String, LimitTable)) -> Result<(Measure, Limit), SpecificationError> {
    let known = Measure::by_code(&name).filter(|m| limited().any(|l| l == *m));
    let measure = known.ok_or(SpecificationError::UnknownMeasure { name })?;
    let LimitTable { low, high, refuse, origin } = table;
    if low > high || low.is_nan() || high.is_nan() {
        let field = measure.code();
        return Err(SpecificationError::CrossedWindow { field, low, high, preferred: low });
    }
    Ok((measure, Limit { low, high, refuse, origin }))
}

impl SourceRule {
    /// The rules of the source as limits of the measures that they judge.
    pub(super) fn limits(&self) -> [(Measure, Limit); 4] {
        let limit =
            |low, high| Limit { low, high, refuse: true, origin: "the specification's source rule".into() };
        [
            (Measure::InterEyeDistance, limit(self.min_inter_eye_px, f64::INFINITY)),
            (Measure::FaceShare, limit(0.0, self.max_face_share)),
            (Measure::HeadTilt, limit(-self.max_roll_deg, self.max_roll_deg)),
            (Measure::OverExposure, limit(0.0, self.max_burnt_face)),
        ]
    }
}
