from django.db import migrations

from portal.audit.immutable import immutable_table


class Migration(migrations.Migration):
    """A published edition never changes: affairs are judged by it."""

    dependencies = [("catalogue", "0001_initial")]
    operations = immutable_table("catalogue_edition")
