//! The ID card reader on a serial line, in the frames of the SAM_V module (GA 450).
