//! What is measured: the names, their units, and one measured value beside its limits.
//!
//! Measures that ISO/IEC 29794-5 has carry its names. Words for students are the window's business.

macro_rules! measures {
    ($($(#[$doc:meta])* $name:ident: $code:literal, $standard:literal, $unit:literal;)*) => {
        /// What is measured.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Measure {
            $($(#[$doc])* $name,)*
        }

        impl Measure {
            /// Every measure.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The measure's name on the wire, such as `hair_top`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The name that staff and other programs know: that of ISO/IEC 29794-5 where it has the measure, an own
            /// one with a small first letter where it has not.
            pub fn standard_name(self) -> &'static str {
                match self { $(Self::$name => $standard,)* }
            }

            /// The unit of the measure's values, empty for a ratio or a count.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$name => $unit,)* }
            }

            /// The measure with this code.
            pub fn by_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|m| m.code() == code)
            }
        }
    };
}

measures! {
    /// 1 less the second face's area over the first's.
    SingleFacePresent: "single_face_present", "SingleFacePresent", "";
    /// Distance of the eyes in the source over the cosine of the yaw.
    InterEyeDistance: "inter_eye_distance", "InterEyeDistance", "px";
    /// Face width over the frame's height, in the source.
    FaceShare: "face_share", "faceShare", "";
    /// The eyes' middle right of the frame's middle over the frame's width, in the source.
    FramePosition: "frame_position", "framePosition", "";
    /// Turn of the head, positive to the image's right.
    HeadPoseYaw: "head_pose_yaw", "HeadPose.Yaw", "deg";
    /// Nod of the head, positive if it looks up.
    HeadPosePitch: "head_pose_pitch", "HeadPose.Pitch", "deg";
    /// Tilt of the head in the source, positive to the image's right.
    HeadTilt: "head_tilt", "headTilt", "deg";
    /// Tilt of the head in the photo, positive to the image's right.
    HeadPoseRoll: "head_pose_roll", "HeadPose.Roll", "deg";
    /// The smaller eye's lid distance over the distance from eyes to chin.
    EyesOpen: "eyes_open", "EyesOpen", "";
    /// The network's blink, of the eye that is more closed.
    EyeBlink: "eye_blink", "eyeBlink", "";
    /// Contrast of the eye regions over the lightness of the skin.
    EyesVisible: "eyes_visible", "EyesVisible", "";
    /// Irises off the eyes' middles, in eye widths, positive to the image's right.
    Gaze: "gaze", "gaze", "";
    /// Share of skin between brows and eyelids.
    BrowsVisible: "brows_visible", "browsVisible", "";
    /// The lips' opening over the distance from eyes to chin.
    MouthClosed: "mouth_closed", "MouthClosed", "";
    /// The network's opening of the jaw.
    JawOpen: "jaw_open", "jawOpen", "";
    /// Share of tooth-coloured pixels between the lips.
    TeethShown: "teeth_shown", "teethShown", "";
    /// Colour distance of nose, lip and chin from the skin under the eyes.
    FaceOcclusion: "face_occlusion", "FaceOcclusionPrevention", "delta_ab";
    /// Colour distance of the lips' surroundings from the skin under the eyes.
    MouthOcclusion: "mouth_occlusion", "MouthOcclusionPrevention", "delta_ab";
    /// Share of the region above the forehead in colours that hair has not.
    NoHeadCoverings: "no_head_coverings", "NoHeadCoverings", "";
    /// Share of burnt-out pixels around the eyes.
    GlassesGlare: "glasses_glare", "glassesGlare", "";
    /// The source's brightest hundredth, linear, of full scale.
    Luminance: "luminance", "luminance", "";
    /// Mean luma of the face, of full scale.
    LuminanceMean: "luminance_mean", "LuminanceMean", "";
    /// Variance of the face's luma, of full scale squared.
    LuminanceVariance: "luminance_variance", "LuminanceVariance", "";
    /// Share of the face with luma 0 to 25.
    UnderExposure: "under_exposure", "UnderExposurePrevention", "";
    /// Share of the face with luma 247 to 255.
    OverExposure: "over_exposure", "OverExposurePrevention", "";
    /// Entropy of the face's luma.
    DynamicRange: "dynamic_range", "DynamicRange", "bit";
    /// Overlap of the luma histograms of both cheeks.
    IlluminationUniformity: "illumination_uniformity", "IlluminationUniformity", "";
    /// Linear luminance of the brighter cheek over the darker one's.
    CheekRatio: "cheek_ratio", "cheekRatio", "";
    /// Distance of the cheeks' colour from what skin has.
    NaturalColour: "natural_colour", "NaturalColour", "delta_ab";
    /// How much of the face's detail another blur would take away.
    Sharpness: "sharpness", "Sharpness", "";
    /// How regular the face's finest detail is: a screen's or a print's dots.
    ScreenPattern: "screen_pattern", "screenPattern", "";
    /// Mean luma gradient of the backdrop behind the person, before it is replaced.
    BackdropUniformity: "backdrop_uniformity", "BackgroundUniformity", "";
    /// How much darker the backdrop is beside the person than elsewhere.
    BackdropShadow: "backdrop_shadow", "backdropShadow", "";
    /// Share of the clothes' edge in the colour of the delivered background.
    ClothesOnBackground: "clothes_on_background", "clothesOnBackground", "";
    /// Share of the clothes' edge in the colour of the backdrop beside it.
    ClothesOnBackdrop: "clothes_on_backdrop", "clothesOnBackdrop", "";
    /// Slope of the shoulders against the eyes.
    ShouldersLevel: "shoulders_level", "shouldersLevel", "deg";
    /// Share of skin where the ears are.
    EarsVisible: "ears_visible", "earsVisible", "";
    /// Topmost hair below the photo's top edge.
    HairTop: "hair_top", "hairTop", "px";
    /// Eye line below the photo's top edge.
    EyeLine: "eye_line", "eyeLine", "px";
    /// Face width in the photo.
    FaceWidth: "face_width", "faceWidth", "px";
    /// Eye centre right of the photo's middle.
    EyeCentre: "eye_centre", "eyeCentre", "px";
    /// Eyes to chin over the photo's height.
    HeadSize: "head_size", "HeadSize", "";
    /// Eye centre from the photo's left edge, in eye distances.
    LeftwardCrop: "leftward_crop", "LeftwardCropOfTheFaceImage", "";
    /// Eye centre from the photo's right edge, in eye distances.
    RightwardCrop: "rightward_crop", "RightwardCropOfTheFaceImage", "";
    /// Eye line from the photo's top edge, in distances from eyes to chin.
    MarginAbove: "margin_above", "MarginAboveOfTheFaceImage", "";
    /// Eye line from the photo's bottom edge, in distances from eyes to chin.
    MarginBelow: "margin_below", "MarginBelowOfTheFaceImage", "";
    /// CIEDE2000 of the photo's mean background from the specified colour.
    BackgroundColour: "background_colour", "deliveredBackgroundColour", "delta_e";
    /// CIEDE2000 of the photo's worst 4x4 block of background.
    BackgroundUniformity: "background_uniformity", "deliveredBackgroundUniformity", "delta_e";
    /// The photo's width in pixels.
    PhotoWidth: "photo_width", "photoWidth", "px";
    /// The photo's height in pixels.
    PhotoHeight: "photo_height", "photoHeight", "px";
    /// The density in the photo's JFIF segment, dots per inch.
    Density: "density", "density", "dpi";
    /// The file's length in bytes.
    FileSize: "file_size", "fileSize", "byte";
    /// The JPEG quality the photo was written with.
    Quality: "quality", "quality", "";
    /// Bytes behind the JPEG's end marker.
    TrailingBytes: "trailing_bytes", "trailingBytes", "byte";
}

/// What a measurement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The value lies in its window.
    Pass,
    /// The value lies outside of a window that nobody is refused for.
    Warn,
    /// The value lies outside.
    Fail,
    /// There is no value (ISO/IEC 29794-5: failure to assess).
    NotAssessed,
}

/// What computing a measure gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Assessment {
    /// A value, and its quality from 0 to 100.
    Value { value: f64, score: f64 },
    /// The picture does not let it be computed.
    FailureToAssess,
}

/// The window of a measure, and whether a value outside is refused or only told.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
    /// Whether a value outside stops the photo.
    pub refuse: bool,
    /// Where the figures are from.
    pub origin: String,
}

/// One measured value beside its window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    /// What was measured.
    pub measure: Measure,
    /// The value, in [`Measure::unit`]; not a number if it could not be assessed.
    pub value: f64,
    /// The quality from 0 (worst) to 100; none if it could not be assessed.
    pub score: Option<u8>,
    /// The allowed interval, if there is one.
    pub window: Option<(f64, f64)>,
    /// Whether the value lies inside.
    pub verdict: Verdict,
}

impl Measurement {
    /// A value judged against a window; its score is 100 in the window's middle (or anywhere inside, if an end is
    /// open), 50 at its ends and 0 as far outside again.
    pub(crate) fn judged(measure: Measure, value: f64, (low, high): (f64, f64)) -> Self {
        let inside = low <= value && value <= high;
        let half = (high - low) / 2.0;
        let score = if half.is_finite() && half > 0.0 {
            100.0 - 50.0 * (value - (low + half)).abs() / half
        } else {
            100.0 * f64::from(u8::from(inside))
        };
        let verdict = if inside { Verdict::Pass } else { Verdict::Fail };
        Self { measure, value, score: whole(score), window: Some((low, high)), verdict }
    }

    /// An assessment beside its limit.
    pub(crate) fn limited(measure: Measure, found: Assessment, limit: Option<&Limit>) -> Self {
        let window = limit.map(|l| (l.low, l.high));
        let Assessment::Value { value, score } = found else {
            return Self { measure, value: f64::NAN, score: None, window, verdict: Verdict::NotAssessed };
        };
        let verdict = match limit {
            Some(l) if !(l.low <= value && value <= l.high) => {
                if l.refuse {
                    Verdict::Fail
                } else {
                    Verdict::Warn
                }
            }
            _ => Verdict::Pass,
        };
        Self { measure, value, score: whole(score), window, verdict }
    }

    /// A measure that could not be computed.
    pub(crate) fn failed(measure: Measure, window: (f64, f64)) -> Self {
        let verdict = Verdict::NotAssessed;
        Self { measure, value: f64::NAN, score: None, window: Some(window), verdict }
    }

    /// Whether the value lies in its window.
    pub fn passes(&self) -> bool {
        self.verdict == Verdict::Pass
    }

    /// The unit of the value.
    pub fn unit(&self) -> &'static str {
        self.measure.unit()
    }
}

/// A score as the standard writes it.
fn whole(score: f64) -> Option<u8> {
    score.is_finite().then(|| score.clamp(0.0, 100.0).round() as u8)
}

/// The standard's sigmoid: 0 to 1, one half at `x0`, `w` wide.
pub(crate) fn sigmoid(x: f64, x0: f64, w: f64) -> f64 {
    1.0 / (1.0 + ((x0 - x) / w).exp())
}
