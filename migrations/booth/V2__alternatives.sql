-- Photos made from the other pictures of a burst: the same shot as the photo they stand beside, so they count as none of their own.
-- A table of its own, because a column behind the pixels would have to be read through them.
CREATE TABLE alternatives (
    photo_id        BLOB PRIMARY KEY REFERENCES photos (id),
    of_photo_id     BLOB NOT NULL REFERENCES photos (id),
    CHECK (photo_id <> of_photo_id)
) STRICT, WITHOUT ROWID;
