//! One frame may lie or be shown in passing; two that agree are believed.

use super::{CodeRefusal, CollectionCode, Fingerprint};

/// After so many frames with nothing to read, what was seen before them is forgotten: 2 s at the preview's 20 frames a second.
const FORGOTTEN_AFTER: u32 = 40;

/// Lets a code, or a refusal, count only when two frames said the same. One for each student, dropped at log-out.
#[derive(Debug, Default)]
pub struct CodeVotes {
    seen: Option<Seen>,
    empty: u32,
}

#[derive(Debug, PartialEq)]
enum Seen {
    Code(Fingerprint),
    Refused(CodeRefusal),
}

impl CodeVotes {
    /// The frame's answer, where the one before said the same; None while there is nothing to say yet.
    ///
    /// Frames in which nothing could be read are passed over, up to two seconds of them, and are never an answer.
    pub fn see(
        &mut self,
        frame: Result<CollectionCode, CodeRefusal>,
    ) -> Option<Result<CollectionCode, CodeRefusal>> {
        let now = match &frame {
            Err(CodeRefusal::Empty) => return self.nothing(),
            Err(refusal) => Seen::Refused(*refusal),
            Ok(code) => Seen::Code(code.fingerprint()),
        };
        self.empty = 0;
        let agrees = self.seen.as_ref() == Some(&now);
        self.seen = Some(now);
        agrees.then_some(frame)
    }

    fn nothing(&mut self) -> Option<Result<CollectionCode, CodeRefusal>> {
        self.empty = self.empty.saturating_add(1);
        if self.empty >= FORGOTTEN_AFTER {
            self.seen = None;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    fn code(byte: u8) -> Result<CollectionCode, CodeRefusal> {
        Ok(CollectionCode::new(Zeroizing::new(vec![byte; 20]), None))
    }

    #[test]
    fn a_code_counts_when_two_frames_agree() {
        let mut votes = CodeVotes::default();
        assert_eq!(votes.see(code(1)), None, "one frame is none");
        assert_eq!(votes.see(code(2)), None, "another code starts over");
        assert_eq!(votes.see(Err(CodeRefusal::Empty)), None, "a blurred frame is passed over");
        assert_eq!(votes.see(code(2)), Some(code(2)));
        assert_eq!(votes.see(Err(CodeRefusal::WebLink)), None);
        assert_eq!(
            votes.see(Err(CodeRefusal::WebLink)),
            Some(Err(CodeRefusal::WebLink)),
            "so does a refusal"
        );
    }

    #[test]
    fn what_was_seen_long_ago_is_forgotten() {
        let mut votes = CodeVotes::default();
        assert_eq!(votes.see(code(1)), None);
        for _ in 0..FORGOTTEN_AFTER {
            assert_eq!(votes.see(Err(CodeRefusal::Empty)), None);
        }
        assert_eq!(votes.see(code(1)), None, "the first of two again");
    }
}
