//! What a person can be told, the most useful first.

/// One piece of advice. Sides are those of the mirrored preview, which are the person's own.
///
/// The order is that of importance: who is there, then what hides the face (hidden landmarks are misplaced), then place
/// and light, which everything else is measured in, then the pose, then the expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Advice {
    /// Nobody is in view.
    StepIn,
    /// More than one person is in view.
    OnlyOne,
    /// Take off the dark glasses.
    TakeOffGlasses,
    /// Hair hides eyes or brows.
    HairOffBrows,
    /// Something is before the face.
    UncoverFace,
    /// Come nearer.
    Closer,
    /// Go back.
    Back,
    /// Move to the left.
    MoveLeft,
    /// Move to the right.
    MoveRight,
    /// Higher.
    MoveUp,
    /// Lower.
    MoveDown,
    /// There is too little light.
    MoreLight,
    /// There is too much light.
    LessLight,
    /// The light comes from one side.
    EvenLight,
    /// Take off the cap.
    TakeOffCap,
    /// Turn the head to the left.
    TurnLeft,
    /// Turn the head to the right.
    TurnRight,
    /// Lift the chin.
    ChinUp,
    /// Lower the chin.
    ChinDown,
    /// Hold the head level.
    LevelHead,
    /// Open the eyes.
    OpenEyes,
    /// Close the mouth.
    CloseMouth,
    /// Look into the lens.
    LookHere,
    /// Keep still.
    HoldStill,
}

/// Advice is taken back when its value is this share of its limit.
pub(super) const LEAVE: f64 = 0.92;

impl Advice {
    /// Every advice, the most useful first.
    pub const ALL: [Self; 24] = [
        Self::StepIn,
        Self::OnlyOne,
        Self::TakeOffGlasses,
        Self::HairOffBrows,
        Self::UncoverFace,
        Self::Closer,
        Self::Back,
        Self::MoveLeft,
        Self::MoveRight,
        Self::MoveUp,
        Self::MoveDown,
        Self::MoreLight,
        Self::LessLight,
        Self::EvenLight,
        Self::TakeOffCap,
        Self::TurnLeft,
        Self::TurnRight,
        Self::ChinUp,
        Self::ChinDown,
        Self::LevelHead,
        Self::OpenEyes,
        Self::CloseMouth,
        Self::LookHere,
        Self::HoldStill,
    ];

    /// The advice's code on the wire, such as `open_eyes`.
    pub fn code(self) -> &'static str {
        match self {
            Self::StepIn => "step_in",
            Self::OnlyOne => "only_one",
            Self::Closer => "closer",
            Self::Back => "back",
            Self::MoveLeft => "move_left",
            Self::MoveRight => "move_right",
            Self::MoveUp => "move_up",
            Self::MoveDown => "move_down",
            Self::MoreLight => "more_light",
            Self::LessLight => "less_light",
            Self::EvenLight => "even_light",
            Self::TakeOffGlasses => "take_off_glasses",
            Self::HairOffBrows => "hair_off_brows",
            Self::UncoverFace => "uncover_face",
            Self::TakeOffCap => "take_off_cap",
            Self::TurnLeft => "turn_left",
            Self::TurnRight => "turn_right",
            Self::ChinUp => "chin_up",
            Self::ChinDown => "chin_down",
            Self::LevelHead => "level_head",
            Self::OpenEyes => "open_eyes",
            Self::CloseMouth => "close_mouth",
            Self::LookHere => "look_here",
            Self::HoldStill => "hold_still",
        }
    }
}
