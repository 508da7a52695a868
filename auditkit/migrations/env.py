"""Alembic's environment: always run by `auditkit.instance.migrate`, on a connection that it hands in."""

from alembic import context

from auditkit import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
