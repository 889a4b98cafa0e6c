-- How long does an order with five lines hold the write lock if foreign keys are enforced?

-- connect
PRAGMA foreign_keys = on;

-- setup
CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE products(id INTEGER PRIMARY KEY, name TEXT NOT NULL, price INTEGER NOT NULL);
CREATE TABLE orders(
	id INTEGER PRIMARY KEY,
	customer INTEGER NOT NULL REFERENCES customers(id)
);
CREATE TABLE order_lines(
	id INTEGER PRIMARY KEY,
	order_id INTEGER NOT NULL REFERENCES orders(id),
	product INTEGER NOT NULL REFERENCES products(id),
	amount INTEGER NOT NULL
);
CREATE INDEX order_lines_by_order ON order_lines(order_id);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
	INSERT INTO customers SELECT i, printf('customer %d', i) FROM n;
INSERT INTO products SELECT id, printf('product %d', id), id FROM customers;

-- write
INSERT INTO orders(customer) VALUES (:zipf(1,1000)) RETURNING id AS placed;
INSERT INTO order_lines(order_id, product, amount) VALUES (:placed, :zipf(1,1000), :random(1,9));
INSERT INTO order_lines(order_id, product, amount) VALUES (:placed, :zipf(1,1000), :random(1,9));
INSERT INTO order_lines(order_id, product, amount) VALUES (:placed, :zipf(1,1000), :random(1,9));
INSERT INTO order_lines(order_id, product, amount) VALUES (:placed, :zipf(1,1000), :random(1,9));
INSERT INTO order_lines(order_id, product, amount) VALUES (:placed, :zipf(1,1000), :random(1,9));

-- read
SELECT p.name, l.amount, p.price * l.amount
	FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN products p ON p.id = l.product
	WHERE o.id = :random(1,1000);

-- check
SELECT count(*) AS orders, :acknowledged FROM orders;
SELECT count(*) AS lines, 5 * :acknowledged FROM order_lines;
SELECT count(*) AS orphans, 0 FROM pragma_foreign_key_check;
