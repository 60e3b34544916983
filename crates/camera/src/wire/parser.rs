//! Bytes from a pipe to messages, however the pipe cuts them.

use bytes::{Buf, Bytes, BytesMut};

use super::{
    FRAME_HEADER, MAX_FRAME, MAX_NOTE, Message, TAG_FRAME, TAG_NOTE, TAG_ORDER, WireFrame, format_of,
};

/// What can't be a message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    /// Longer than any message of its kind may be.
    #[error("a message of {bytes} bytes is beyond the limit of {limit}")]
    TooLong { bytes: usize, limit: usize },
    /// No such message.
    #[error("message tag {0} is unknown")]
    UnknownTag(u8),
    /// A note or an order that is not the JSON expected.
    #[error("a note could not be read or written")]
    Note(#[source] serde_json::Error),
    /// A frame shorter than its header, or of an unknown format.
    #[error("a frame's header is malformed")]
    FrameHeader,
}

/// Collects bytes and gives out whole messages.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    buffer: BytesMut,
}

/// Length and tag.
const PREFIX: usize = 5;

impl Parser {
    /// Takes in bytes as they came.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message, or none until more bytes come.
    ///
    /// # Errors
    /// [`WireError`] for bytes that can't be a message; what follows them can't be read either.
    pub(crate) fn next_message(&mut self) -> Result<Option<Message>, WireError> {
        let Some(&[a, b, c, d, tag]) = self.buffer.first_chunk::<PREFIX>() else { return Ok(None) };
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        // Checked before the body arrives, so that a wild length never makes the buffer grow.
        let limit = limit(tag)?;
        if length > limit {
            return Err(WireError::TooLong { bytes: length, limit });
        }
        if self.buffer.len() < PREFIX + length {
            self.buffer.reserve(PREFIX + length - self.buffer.len());
            return Ok(None);
        }
        self.buffer.advance(PREFIX);
        let body = self.buffer.split_to(length).freeze();
        read(tag, body).map(Some)
    }
}

/// The longest body that a message with this tag may have.
pub(super) fn limit(tag: u8) -> Result<usize, WireError> {
    match tag {
        TAG_NOTE | TAG_ORDER => Ok(MAX_NOTE),
        TAG_FRAME => Ok(MAX_FRAME),
        unknown => Err(WireError::UnknownTag(unknown)),
    }
}

fn read(tag: u8, body: Bytes) -> Result<Message, WireError> {
    match tag {
        TAG_NOTE => serde_json::from_slice(&body).map(Message::Note).map_err(WireError::Note),
        TAG_ORDER => serde_json::from_slice(&body).map(Message::Order).map_err(WireError::Note),
        _ => read_frame(body).map(Message::Frame),
    }
}

fn read_frame(mut body: Bytes) -> Result<WireFrame, WireError> {
    if body.len() < FRAME_HEADER {
        return Err(WireError::FrameHeader);
    }
    let monotonic_ns = body.get_u64_le();
    let format = format_of(body.get_u8()).ok_or(WireError::FrameHeader)?;
    let (width, height) = (body.get_u32_le(), body.get_u32_le());
    Ok(WireFrame { monotonic_ns, format, width, height, data: body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{BadFrame, CameraFault};
    use crate::mode::PixelFormat;
    use crate::wire::{Note, Order};
    use proptest::prelude::*;

    fn messages() -> impl Strategy<Value = Vec<Message>> {
        let frame =
            (any::<u64>(), 0_u8..5, any::<u32>(), any::<u32>(), prop::collection::vec(any::<u8>(), 0..200))
                .prop_map(|(monotonic_ns, format, width, height, data)| {
                    let format = format_of(format).expect("a known code");
                    Message::Frame(WireFrame { monotonic_ns, format, width, height, data: data.into() })
                });
        let note = prop_oneof![
            Just(Note::Bad(BadFrame::Truncated)),
            Just(Note::Fault(CameraFault::Busy)),
            Just(Note::ListEnd),
            Just(Note::Set(Err(CameraFault::ControlRefused))),
        ]
        .prop_map(Message::Note);
        prop::collection::vec(prop_oneof![frame, note, Just(Message::Order(Order::Stop))], 0..6)
    }

    proptest! {
        #[test]
        fn messages_come_out_as_they_went_in_however_the_pipe_cuts_them(sent in messages(), piece in 1_usize..64) {
            let bytes: Vec<u8> = sent.iter().flat_map(|message| message.encode().expect("within limits")).collect();
            let mut parser = Parser::default();
            let mut received = Vec::new();
            for piece in bytes.chunks(piece) {
                parser.push(piece);
                while let Some(message) = parser.next_message().expect("well-formed") {
                    received.push(message);
                }
            }
            prop_assert_eq!(received, sent);
        }

        #[test]
        fn arbitrary_bytes_never_panic_nor_make_the_buffer_grow(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
            let mut parser = Parser::default();
            parser.push(&bytes);
            for _ in 0..bytes.len() {
                match parser.next_message() {
                    Ok(Some(_)) => {}
                    Ok(None) | Err(_) => break,
                }
            }
            prop_assert!(parser.buffer.capacity() <= PREFIX + MAX_FRAME + bytes.len());
        }

        #[test]
        fn a_damaged_message_is_an_error_or_another_message(sent in messages(), at in any::<prop::sample::Index>(), value in 1_u8..) {
            let mut bytes: Vec<u8> = sent.iter().flat_map(|message| message.encode().expect("within limits")).collect();
            prop_assume!(!bytes.is_empty());
            let at = at.index(bytes.len());
            bytes[at] ^= value;
            let mut parser = Parser::default();
            parser.push(&bytes);
            while let Ok(Some(_)) = parser.next_message() {}
        }
    }

    fn check(bytes: &[u8], expect: &str) {
        let mut parser = Parser::default();
        parser.push(bytes);
        let error = parser.next_message().expect_err("malformed bytes are refused");
        assert_eq!(error.to_string(), expect);
    }

    #[test]
    fn malformed_messages_are_named() {
        check(&[0, 0, 0, 0, 9], "message tag 9 is unknown");
        check(&[0, 0, 0, 255, TAG_FRAME], "a message of 4278190080 bytes is beyond the limit of 33554432");
        check(&[0, 0, 16, 0, TAG_NOTE], "a message of 1048576 bytes is beyond the limit of 262144");
        check(&[2, 0, 0, 0, TAG_NOTE, b'{', b'x'], "a note could not be read or written");
        check(&[1, 0, 0, 0, TAG_FRAME, 0], "a frame's header is malformed");
        let mut frame = vec![17, 0, 0, 0, TAG_FRAME];
        frame.extend([0; 8]);
        frame.push(77);
        frame.extend([0; 8]);
        check(&frame, "a frame's header is malformed");
    }

    #[test]
    fn a_frame_beyond_the_limit_is_not_sent() {
        let data = vec![0; MAX_FRAME].into();
        let frame = WireFrame { monotonic_ns: 0, format: PixelFormat::Rgb, width: 1, height: 1, data };
        assert!(matches!(Message::Frame(frame).encode(), Err(WireError::TooLong { .. })));
    }
}
