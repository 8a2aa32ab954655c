from django.db import migrations

from portal.audit.immutable import immutable_table


class Migration(migrations.Migration):
    """The database itself refuses to change or remove what was written."""

    dependencies = [("audit", "0001_initial")]

    operations = [*immutable_table("audit_entry"), *immutable_table("audit_anchor")]
