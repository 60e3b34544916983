//! What each advice means, for a technician. The student's words, in two languages, are the window's.

use portrait::Advice;

/// The advice as a sentence. Left and right are those of the mirrored preview.
pub fn sentence(advice: Advice) -> &'static str {
    match advice {
        Advice::StepIn => "nobody is there",
        Advice::OnlyOne => "more than one person is there",
        Advice::Closer => "come closer",
        Advice::Back => "step back",
        Advice::MoveLeft => "move left in the preview",
        Advice::MoveRight => "move right in the preview",
        Advice::MoveUp => "sit higher",
        Advice::MoveDown => "sit lower",
        Advice::TurnLeft => "turn the head left in the preview",
        Advice::TurnRight => "turn the head right in the preview",
        Advice::ChinUp => "lift the chin",
        Advice::ChinDown => "lower the chin",
        Advice::LevelHead => "hold the head level",
        Advice::LookHere => "look into the camera",
        Advice::OpenEyes => "open the eyes",
        Advice::CloseMouth => "close the mouth",
        Advice::HairOffBrows => "take the hair off the brows",
        Advice::TakeOffCap => "take off the cap",
        Advice::TakeOffGlasses => "take off the glasses",
        Advice::UncoverFace => "uncover the face",
        Advice::MoreLight => "there is too little light",
        Advice::LessLight => "there is too much light",
        Advice::EvenLight => "one side of the face is dark",
        Advice::HoldStill => "hold still",
    }
}
