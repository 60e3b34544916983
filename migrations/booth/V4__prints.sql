-- Prints come in sizes: a line of sheets names the print of its programme. What was ordered before there were sizes has an empty name.
CREATE TABLE old_order_lines AS SELECT * FROM order_lines;
DROP TABLE order_lines;
CREATE TABLE order_lines (
    order_id        BLOB NOT NULL REFERENCES orders (id),
    item            TEXT NOT NULL CHECK (item IN ('electronic_photo', 'printed_sheet', 'postage')),
    print           TEXT NOT NULL CHECK (length(print) <= 40 AND (print = '' OR item = 'printed_sheet')),
    quantity        INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    unit_fen        INTEGER NOT NULL CHECK (unit_fen BETWEEN 0 AND 1000000),
    PRIMARY KEY (order_id, item, print)
) STRICT, WITHOUT ROWID;
INSERT INTO order_lines (order_id, item, print, quantity, unit_fen)
    SELECT order_id, item, '', quantity, unit_fen FROM old_order_lines;
DROP TABLE old_order_lines;
