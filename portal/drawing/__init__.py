"""Pictures of what the portal knows: dataclasses in, SVG text out. Pure: no clock, no database, no Django."""
