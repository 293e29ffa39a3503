"""A broker of tables: what PostgreSQL and MySQL have in common when a queue is kept in them."""
